import assert from 'node:assert/strict'
import type { Storage } from '@certwright/core'
import { assertEqual, assertRangeError } from '../assertions.js'
import {
  apiKey,
  auditEvent,
  ca,
  certificate,
  collect,
  crl,
  first,
  id,
  idempotencyRecord,
  now,
  ocspResponder,
  outboxEvent,
  reservation,
  revocation,
  serial,
  user,
  workspace,
  write,
} from '../records.js'
import { laws, lawsWith } from '../storage-law.js'

const everyOctet = Uint8Array.from({ length: 512 }, (_, i) => i % 256)
const zeros = new Uint8Array(64)
const awkward = [
  everyOctet,
  zeros,
  Uint8Array.of(0xff),
  Uint8Array.of(0),
  Uint8Array.of(0xc3, 0x28, 0x00, 0x22, 0x27, 0x5c),
]

/** Before 1970, past 2³¹ seconds, where two-digit years turn (RFC 5280 §4.1.2.5), summer and winter, the last there is. */
const awkwardTimes = [
  '1950-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00Z',
  '2026-03-29T01:30:00Z',
  '2026-07-01T00:00:00Z',
  '2026-10-25T00:30:00Z',
  '2038-01-19T03:14:08Z',
  '2049-12-31T23:59:59Z',
  '2050-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
].map((time) => new Date(time))

const awkwardText = 'Zoë “O’Brien” \\ % _ 🔑 \u0301 ; -- $1 @table'

/** With nothing in them that another record has too. */
const ownKey = () => apiKey({ createdAt: new Date(now) })
const ownCertificate = () => certificate({ notAfter: new Date(now), sanDns: ['a.example.org'] })

/** What a careless caller may do to records that it holds. */
function spoil(
  key: { grants: unknown; createdAt: Date },
  kept: { certificateDer: Uint8Array; sanDns: unknown; notAfter: Date },
): void {
  const grants = key.grants as Map<string, { canRevoke: boolean }>
  for (const rights of grants.values()) rights.canRevoke = true
  grants.clear()
  key.createdAt.setTime(0)
  kept.certificateDer.fill(0xff)
  kept.notAfter.setTime(0)
  ;(kept.sanDns as string[]).push('evil.example.org')
}

const insertCertificate = (storage: Storage, change: Parameters<typeof certificate>[0]) =>
  write(storage, (tx) => tx.insertCertificates([certificate(change)]))

export const fidelity = [
  ...laws('records come back as they went in:', {
    'bytes, whatever they are': async ({ storage }) => {
      for (const [i, der] of awkward.entries()) {
        await insertCertificate(storage, { id: id(`c${i}`), certificateDer: der })
        const found = await storage.findCertificate(id(`c${i}`))
        assertEqual(found?.certificateDer, der)
        assert.ok(found?.certificateDer instanceof Uint8Array)
      }
      const responder = ocspResponder({ certificateDer: everyOctet })
      const issuer = ca({ certificateDer: everyOctet, externalChainDer: awkward, ocspResponder: responder })
      await storage.transaction(async (tx) => {
        await tx.insertCa(issuer)
        await tx.insertCrl(crl({ number: 1, der: everyOctet }))
        await tx.insertRevocation(revocation({ entryDer: everyOctet }), first('c0'))
      })
      assertEqual(await storage.findCa(id('ca1')), issuer)
      assertEqual((await storage.findLatestCrl(id('ca1'), 'complete'))?.der, everyOctet)
      const [entry] = await collect(storage.listRevocations(id('ca1')))
      assertEqual(entry?.entryDer, everyOctet)
      assertEqual(await collect(storage.listCrlEntries(id('ca1'))), [everyOctet])
    },

    'bytes that are a view on a larger buffer': async ({ storage }) => {
      const view = Buffer.from([1, 2, 3, 4]).subarray(1, 3)
      await insertCertificate(storage, { certificateDer: view })
      assertEqual((await storage.findCertificate(id('c1')))?.certificateDer, Uint8Array.of(2, 3))
    },

    'times, from before 1970 to the year 9999, in UTC': async ({ storage }) => {
      for (const [i, time] of awkwardTimes.entries()) {
        const times = { notBefore: time, notAfter: time, createdAt: time }
        await insertCertificate(storage, { id: id(`c${i}`), ...times })
        assertEqual(await storage.findCertificate(id(`c${i}`)), certificate({ id: id(`c${i}`), ...times }))
      }
      await storage.transaction(async (tx) => {
        for (const [i, time] of awkwardTimes.entries())
          await tx.appendEvents({ audit: [{ ...auditEvent(`e${i}`), at: time }], outbox: [] })
      })
      const told = await storage.listAuditEvents({}, awkwardTimes.length)
      assertEqual(
        told.map((event) => event.at),
        awkwardTimes,
      )
    },

    'text, in any script': async ({ storage }) => {
      const named = {
        commonName: awkwardText,
        sanDns: [awkwardText, ''],
        sanEmail: [`"${awkwardText}"@example.org`],
      }
      await insertCertificate(storage, named)
      assertEqual(await storage.findCertificate(id('c1')), certificate(named))
      await write(storage, (tx) => tx.insertWorkspace(workspace({ name: awkwardText })))
      assertEqual(await storage.findWorkspaceBySlug('example'), workspace({ name: awkwardText }))
    },

    'every field of every record': async ({ storage }) => {
      const full = ca({
        id: id('ca2'),
        parentCaId: id('ca1'),
        depth: 1,
        externalChainDer: [Uint8Array.of(9), Uint8Array.of(8)],
        pathLength: 0,
        hasPassphrase: true,
        ocspResponder: ocspResponder(),
        revokedAt: now,
        revocationReason: 'caCompromise',
      })
      const names = {
        sanIp: ['2001:db8::1', '192.0.2.1'],
        sanEmail: ['a@example.org'],
        sanUri: ['spiffe://a/b'],
      }
      const leaf = certificate({ mode: 'csr', ...names, renewedFrom: id('c0') })
      const key = apiKey({
        expiresAt: now,
        lastUsedAt: now,
        revokedAt: now,
        previousSecret: { secretHash: '0a'.repeat(32), validUntil: now },
        grants: new Map([
          [id('ca1'), { canRead: true, canIssue: true, canRevoke: false }],
          [id('ca2'), { canRead: false, canIssue: false, canRevoke: true }],
        ]),
      })
      await storage.transaction(async (tx) => {
        await tx.insertCa(full)
        await tx.insertCertificates([leaf])
        await tx.insertApiKey(key)
        await tx.insertReservations([reservation({ kind: 'ocspResponder' })])
        await tx.appendEvents({ audit: [auditEvent('e1')], outbox: [outboxEvent('e1')] })
      })
      assertEqual(await storage.findCa(id('ca2')), full)
      assertEqual(await storage.findCertificate(id('c1')), leaf)
      assertEqual(await storage.findApiKeyByHash(key.secretHash), key)
      assertEqual(await storage.findApiKey(key.id), key)
      assertEqual(await storage.findApiKeyByHash('0a'.repeat(32)), key)
      assertEqual(await storage.findSerial(id('ca1'), serial('0a')), {
        reservation: reservation({ kind: 'ocspResponder' }),
        state: 'open',
      })
      assertEqual(await storage.listAuditEvents({}, 10), [auditEvent('e1')])
      assertEqual(await storage.listOutboxEvents(10), [outboxEvent('e1')])
    },

    'what is absent, as a field that is not there': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        await tx.insertCa(ca())
        await tx.insertCertificates([certificate()])
        await tx.insertApiKey(apiKey())
        const { workspaceId: _a, ...audit } = auditEvent('e1')
        const { workspaceId: _b, ...outbox } = outboxEvent('e1')
        await tx.appendEvents({ audit: [audit], outbox: [outbox] })
      })
      assertEqual(await storage.findCa(id('ca1')), ca())
      assertEqual(await storage.findCertificate(id('c1')), certificate())
      assertEqual(await storage.findApiKeyByHash('ab'.repeat(32)), apiKey())
      const [audit] = await storage.listAuditEvents({}, 1)
      const [outbox] = await storage.listOutboxEvents(1)
      assert.ok(audit !== undefined && !('workspaceId' in audit))
      assert.ok(outbox !== undefined && !('workspaceId' in outbox))
    },

    'what does not exist, as undefined': async ({ storage }) => {
      const unknown = id('unknown')
      const found = [
        await storage.findWorkspace(unknown),
        await storage.findWorkspaceBySlug('unknown'),
        await storage.findUser(unknown),
        await storage.findApiKeyByHash('00'.repeat(32)),
        await storage.findCa(unknown),
        await storage.findCertificate(unknown),
        await storage.findSerial(unknown, serial('01')),
        await storage.findLatestCrl(unknown, 'complete'),
        await storage.findIdempotencyRecord(idempotencyRecord(), now),
      ]
      assertEqual(
        found,
        found.map(() => undefined),
      )
      assertEqual(await storage.findCaLineage(unknown), [])
      assertEqual(await storage.crlState(unknown, 'complete'), { revocationCount: 0 })
      assertEqual(await collect(storage.listRevocations(unknown)), [])
      assertEqual(await collect(storage.listCrlEntries(unknown)), [])
    },
  }),

  ...laws('a record', {
    'is not changed by what a caller does to it afterwards, whether it put it in or got it out': async ({
      storage,
    }) => {
      const [key, leaf] = [ownKey(), ownCertificate()]
      await storage.transaction(async (tx) => {
        await tx.insertApiKey(key)
        await tx.insertCertificates([leaf])
      })
      spoil(key, leaf)
      for (let i = 0; i < 2; i++) {
        const foundKey = await storage.findApiKeyByHash('ab'.repeat(32))
        const found = await storage.findCertificate(id('c1'))
        assertEqual([foundKey, found], [ownKey(), ownCertificate()])
        if (foundKey !== undefined && found !== undefined) spoil(foundKey, found)
      }
    },

    'is refused where a time is not in whole seconds, which a database would round': async ({ storage }) => {
      await assertRangeError(write(storage, (tx) => tx.insertUser(user({ createdAt: new Date(1500) }))))
      await assertRangeError(insertCertificate(storage, { notAfter: new Date(1999) }))
      assert.equal(await storage.findUser(id('u1')), undefined)
    },
  }),

  ...lawsWith('probe', 'records come back as they went in:', {
    'bytes, which lie in the database as they are': async ({ storage, probe }) => {
      for (const [i, der] of awkward.entries()) {
        await insertCertificate(storage, { id: id(`c${i}`), certificateDer: der })
        assertEqual(await probe.certificateDer(id(`c${i}`)), der)
      }
      assert.equal(await probe.certificateDer(id('unknown')), undefined)
    },
  }),
]
