import type { CaFilter, CertificateFilter, Storage } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { at, ca, certificate, first, now, revocation, serial, write } from './records.js'

const page = { page: 1, pageSize: 100 }

export function listsBehave(newStorage: () => Storage): void {
  describe('listCertificates', () => {
    const stored = [
      certificate({ id: 'a', createdAt: at('02-01T00:00:00'), commonName: '100% Café_1', notAfter: now }),
      certificate({ id: 'b', createdAt: at('02-02T00:00:00'), caId: 'ca2', notAfter: at('03-01T11:59:59') }),
      certificate({ id: 'c', createdAt: at('02-03T00:00:00'), workspaceId: 'w2', caId: 'ca3' }),
      certificate({ id: 'd', createdAt: at('02-04T00:00:00'), serialNumber: serial('0d') }),
    ]

    async function ids(filter: Partial<CertificateFilter>): Promise<string> {
      const storage = newStorage()
      await storage.transaction(async (tx) => {
        for (const record of stored) await tx.insertCertificates([record])
        await tx.insertRevocation(revocation({ serialNumber: serial('0d') }), first('d'))
      })
      const { items, total } = await storage.listCertificates({ now, ...filter }, page)
      expect(total).toBe(items.length)
      return items.map(({ id }) => id).join('')
    }

    const rows: [string, Partial<CertificateFilter>, string][] = [
      ['everything, newest first', {}, 'dcba'],
      ['of one workspace', { workspaceId: 'w1' }, 'dba'],
      ['of some CAs, a repeated one counted once', { caIds: ['ca3', 'ca1', 'ca1', 'unknown'] }, 'dca'],
      ['of a CA in another workspace: nothing', { workspaceId: 'w1', caIds: ['ca3'] }, ''],
      ['of no CA: nothing', { caIds: [] }, ''],
      ['active: not revoked, and valid through notAfter (RFC 5280 §4.1.2.5)', { status: 'active' }, 'ca'],
      ['revoked', { status: 'revoked' }, 'd'],
      ['part of a name, without case', { search: 'CAFÉ' }, 'a'],
      ['characters that are wildcards in SQL stand for themselves', { search: '%' }, 'a'],
      [
        'created from and to, inclusive',
        { createdFrom: at('02-02T00:00:00'), createdTo: at('02-03T00:00:00') },
        'cb',
      ],
      ['expiring, inclusive, and not expired', { expiringBefore: now }, 'a'],
      ['expiring later', { expiringBefore: at('06-01T00:00:00') }, 'dca'],
    ]
    it.each(rows)('%s', async (_, filter, expected) => expect(await ids(filter)).toBe(expected))

    it('gives every record on exactly one page where all were created in the same second', async () => {
      const storage = newStorage()
      const insert = (id: string, createdAt = now) =>
        write(storage, (tx) => tx.insertCertificates([certificate({ id, createdAt })]))
      for (const id of ['e', 'b', 'd', 'a', 'c']) await insert(id)
      const idsOf = async (number: number) => {
        const { items, total } = await storage.listCertificates(
          { now, caIds: ['ca1'] },
          { page: number, pageSize: 2 },
        )
        return `${items.map(({ id }) => id).join('')} of ${total}`
      }
      expect([await idsOf(1), await idsOf(2), await idsOf(3), await idsOf(4)]).toEqual([
        'ed of 5',
        'cb of 5',
        'a of 5',
        ' of 5',
      ])
      // A newer record comes first and moves the others by one place, without changing their order.
      await insert('0', at('03-01T12:00:01'))
      expect([await idsOf(1), await idsOf(2), await idsOf(3)]).toEqual(['0e of 6', 'dc of 6', 'ba of 6'])
    })

    it.each([
      { page: 0, pageSize: 10 },
      { page: 1.5, pageSize: 10 },
      { page: 1, pageSize: 0 },
      { page: 1, pageSize: 101 },
    ])('refuses page $page of $pageSize', async (request) => {
      await expect(newStorage().listCertificates({ now }, request)).rejects.toThrow(RangeError)
    })
  })

  describe('listCas', () => {
    const stored = [
      ca({ id: 'b', name: 'B' }),
      ca({ id: 'a', name: 'A', parentCaId: 'b', depth: 1 }),
      ca({ id: 'c', name: 'C', createdAt: at('01-01T00:00:00'), externalChainDer: [Uint8Array.of(1)] }),
      ca({ id: 'd', name: 'D', workspaceId: 'w2', createdAt: at('04-01T00:00:00') }),
      ca({ id: 'e', name: 'E', revokedAt: now, revocationReason: 'superseded' }),
    ]
    const rows: [string, CaFilter, string][] = [
      ['those that are not revoked, oldest first, then by id', {}, 'cabd'],
      ['the revoked ones too', { includeRevoked: true }, 'cabed'],
      ['of one workspace', { workspaceId: 'w2' }, 'd'],
      ['only these', { caIds: ['d', 'a', 'unknown'] }, 'ad'],
      ['only none', { caIds: [] }, ''],
      ['below a parent', { parentCaId: 'b' }, 'a'],
      ['roots', { type: 'root' }, 'bd'],
      ['intermediates, also those whose issuer is not kept here', { type: 'intermediate' }, 'ca'],
    ]
    it.each(rows)('%s', async (_, filter, expected) => {
      const storage = newStorage()
      await storage.transaction(async (tx) => {
        for (const record of stored) await tx.insertCa(record)
      })
      expect((await storage.listCas(filter)).map(({ id }) => id).join('')).toBe(expected)
    })
  })
}
