import assert from 'node:assert/strict'
import type { CaFilter, CertificateFilter, Storage } from '@certwright/core'
import { assertEqual, assertRangeError } from '../assertions.js'
import {
  at,
  ca,
  certificate,
  collect,
  first,
  id,
  now,
  reservation,
  revocation,
  serial,
  write,
} from '../records.js'
import { laws } from '../storage-law.js'

const page = { page: 1, pageSize: 100 }

const storedCertificates = [
  certificate({ id: id('a'), createdAt: at('02-01T00:00:00'), commonName: '100% Café_1', notAfter: now }),
  certificate({
    id: id('b'),
    createdAt: at('02-02T00:00:00'),
    caId: id('ca2'),
    notAfter: at('03-01T11:59:59'),
  }),
  certificate({ id: id('c'), createdAt: at('02-03T00:00:00'), workspaceId: id('w2'), caId: id('ca3') }),
  certificate({
    id: id('d'),
    createdAt: at('02-04T00:00:00'),
    serialNumber: serial('0d'),
    spkiHash: 'ff'.repeat(32),
    renewedFrom: id('b'),
  }),
]

const certificateRows: Readonly<Record<string, readonly [Partial<CertificateFilter>, string]>> = {
  'everything, newest first': [{}, 'dcba'],
  'of one workspace': [{ workspaceId: id('w1') }, 'dba'],
  'of some CAs, a repeated one counted once': [
    { caIds: [id('ca3'), id('ca1'), id('ca1'), id('unknown')] },
    'dca',
  ],
  'of a CA in another workspace: nothing': [{ workspaceId: id('w1'), caIds: [id('ca3')] }, ''],
  'of no CA: nothing': [{ caIds: [] }, ''],
  'active: not revoked, and valid through notAfter (RFC 5280 §4.1.2.5)': [{ status: 'active' }, 'ca'],
  revoked: [{ status: 'revoked' }, 'd'],
  'part of a name, without case': [{ search: 'CAFÉ' }, 'a'],
  'the wildcards of SQL stand for themselves': [{ search: '%' }, 'a'],
  'so does the underscore': [{ search: 'é_1' }, 'a'],
  'and the backslash': [{ search: '\\' }, ''],
  'and the NUL, which no name has': [{ search: '\0' }, ''],
  'created from and to, inclusive': [
    { createdFrom: at('02-02T00:00:00'), createdTo: at('02-03T00:00:00') },
    'cb',
  ],
  'expiring, inclusive, and not expired': [{ expiringBefore: now }, 'a'],
  'of one key': [{ spkiHash: 'ff'.repeat(32) }, 'd'],
  'the renewals of one': [{ renewedFrom: id('b') }, 'd'],
  'expiring later': [{ expiringBefore: at('06-01T00:00:00') }, 'dca'],
}

const storedCas = [
  ca({ id: id('b'), name: 'B' }),
  ca({ id: id('a'), name: 'A', parentCaId: id('b'), depth: 1 }),
  ca({ id: id('c'), name: 'C', createdAt: at('01-01T00:00:00'), externalChainDer: [Uint8Array.of(1)] }),
  ca({ id: id('d'), name: 'D', workspaceId: id('w2'), createdAt: at('04-01T00:00:00') }),
  ca({ id: id('e'), name: 'E', revokedAt: now, revocationReason: 'superseded' }),
]

const caRows: Readonly<Record<string, readonly [CaFilter, string]>> = {
  'those that are not revoked, oldest first, then by id': [{}, 'cabd'],
  'the revoked ones too': [{ includeRevoked: true }, 'cabed'],
  'of one workspace': [{ workspaceId: id('w2') }, 'd'],
  'only these': [{ caIds: [id('d'), id('a'), id('unknown')] }, 'ad'],
  'only none': [{ caIds: [] }, ''],
  'below a parent': [{ parentCaId: id('b') }, 'a'],
  roots: [{ type: 'root' }, 'bd'],
  'intermediates, also those whose issuer is not kept here': [{ type: 'intermediate' }, 'ca'],
}

/** The one-letter names of the ids. */
const namesOf = (records: readonly { readonly id: string }[]): string =>
  records.map((record) => String.fromCodePoint(Number.parseInt(record.id.slice(0, 2), 16))).join('')

async function listsCertificates(
  storage: Storage,
  filter: Partial<CertificateFilter>,
  expected: string,
): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.insertCertificates(storedCertificates)
    await tx.insertRevocation(revocation({ serialNumber: serial('0d') }), first('d'))
  })
  const { items, total } = await storage.listCertificates({ now, ...filter }, page)
  assert.equal(namesOf(items), expected)
  assert.equal(total, items.length)
}

async function listsCas(storage: Storage, filter: CaFilter, expected: string): Promise<void> {
  await storage.transaction(async (tx) => {
    for (const record of storedCas) await tx.insertCa(record)
  })
  assert.equal(namesOf(await storage.listCas(filter)), expected)
}

const insert = (storage: Storage, name: string, createdAt = now) =>
  write(storage, (tx) => tx.insertCertificates([certificate({ id: id(name), createdAt })]))

export const listing = [
  ...laws(
    'listCertificates gives',
    Object.fromEntries(
      Object.entries(certificateRows).map(([what, [filter, expected]]) => [
        what,
        ({ storage }) => listsCertificates(storage, filter, expected),
      ]),
    ),
  ),

  ...laws('a page', {
    'has what is on no other page where all were created in the same second': async ({ storage }) => {
      for (const name of ['e', 'b', 'd', 'a', 'c']) await insert(storage, name)
      const pageOf = async (number: number) => {
        const { items, total } = await storage.listCertificates(
          { now, caIds: [id('ca1')] },
          { page: number, pageSize: 2 },
        )
        return `${namesOf(items)} of ${total}`
      }
      const pages = [await pageOf(1), await pageOf(2), await pageOf(3), await pageOf(4)]
      assertEqual(pages, ['ed of 5', 'cb of 5', 'a of 5', ' of 5'])
      // A newer record comes first and moves the others by one place, without changing their order.
      await insert(storage, '0', at('03-01T12:00:01'))
      assertEqual([await pageOf(1), await pageOf(2), await pageOf(3)], ['0e of 6', 'dc of 6', 'ba of 6'])
    },

    'neither repeats nor skips what was there before, while others write': async ({ storage }) => {
      const names = Array.from('abcdefghijklmnopqrst')
      await storage.transaction((tx) =>
        tx.insertCertificates(names.map((name) => certificate({ id: id(name) }))),
      )
      const later = at('03-01T12:00:01')
      const filter = { now, createdTo: now }
      const seen: string[] = []
      for (let number = 1; number <= 5; number++) {
        const writing = Promise.all([
          insert(storage, `x${number}`, later),
          insert(storage, `y${number}`, later),
        ])
        const { items, total } = await storage.listCertificates(filter, { page: number, pageSize: 4 })
        assert.equal(total, names.length)
        seen.push(namesOf(items))
        await writing
      }
      assert.equal(seen.join(''), names.reverse().join(''))
      assert.equal((await storage.listCertificates({ now }, page)).total, names.length + 10)
    },

    'is refused where it is none': async ({ storage }) => {
      const none = [
        { page: 0, pageSize: 10 },
        { page: 1.5, pageSize: 10 },
        { page: 1, pageSize: 0 },
        { page: 1, pageSize: 101 },
      ]
      for (const request of none) await assertRangeError(storage.listCertificates({ now }, request))
    },
  }),

  ...laws(
    'listCas gives',
    Object.fromEntries(
      Object.entries(caRows).map(([what, [filter, expected]]) => [
        what,
        ({ storage }) => listsCas(storage, filter, expected),
      ]),
    ),
  ),

  ...laws('findCaLineage', {
    'gives the CA, its parent, and so on, as far as they are kept': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        await tx.insertCa(ca({ id: id('c'), name: 'C', parentCaId: id('b'), depth: 2 }))
        await tx.insertCa(ca({ id: id('a'), name: 'A' }))
        await tx.insertCa(ca({ id: id('b'), name: 'B', parentCaId: id('a'), depth: 1 }))
        await tx.insertCa(ca({ id: id('d'), name: 'D', parentCaId: id('a'), depth: 1 }))
        assert.equal(namesOf(await tx.findCaLineage(id('c'))), 'cba')
      })
      assert.equal(namesOf(await storage.findCaLineage(id('c'))), 'cba')
      assert.equal(namesOf(await storage.findCaLineage(id('a'))), 'a')
      assertEqual(await storage.findCaLineage(id('unknown')), [])
    },
  }),

  ...laws('listReservations', {
    'gives every reservation of the CA with its state, whatever became of it': async ({ storage }) => {
      const serials = [serial('0a'), serial('0b'), serial('7f'.repeat(20))]
      const made = serials.map((serialNumber, i) => reservation({ id: id(`r${i}`), serialNumber }))
      await write(storage, (tx) =>
        tx.insertReservations([...made, reservation({ id: id('other'), caId: id('ca2') })]),
      )
      await write(storage, (tx) => tx.closeReservations([id('r0')], 'recorded'))
      await write(storage, (tx) => tx.closeReservations([id('r2')], 'abandoned'))
      const states = ['recorded', 'open', 'abandoned'] as const
      const listed = await collect(storage.listReservations(id('ca1')))
      assertEqual(
        listed.sort((a, b) => (a.reservation.id < b.reservation.id ? -1 : 1)),
        made.map((one, i) => ({ reservation: one, state: states[i] })),
      )
      assertEqual(await collect(storage.listReservations(id('unknown'))), [])
    },
  }),

  ...laws('listOpenReservations', {
    'gives those that are open and old enough, oldest first, up to the limit': async ({ storage }) => {
      const made = [
        { id: id('d'), serialNumber: serial('0d'), reservedAt: at('03-01T00:00:04') },
        { id: id('b'), serialNumber: serial('0b'), reservedAt: at('03-01T00:00:02') },
        { id: id('a'), serialNumber: serial('0a'), reservedAt: at('03-01T00:00:02') },
        { id: id('c'), serialNumber: serial('0c'), reservedAt: at('03-01T00:00:03') },
      ].map(reservation)
      await write(storage, (tx) => tx.insertReservations(made))
      const open = async (reservedBefore: Date, limit: number) =>
        namesOf(await storage.listOpenReservations(reservedBefore, limit))
      assert.equal(await open(at('03-01T00:00:03'), 10), 'abc')
      assert.equal(await open(at('03-01T00:00:04'), 2), 'ab')
      assert.equal(await open(at('03-01T00:00:01'), 10), '')
      await write(storage, (tx) => tx.closeReservations([id('a')], 'recorded'))
      await write(storage, (tx) => tx.closeReservations([id('c')], 'abandoned'))
      assert.equal(await open(now, 10), 'bd')
    },
  }),
]
