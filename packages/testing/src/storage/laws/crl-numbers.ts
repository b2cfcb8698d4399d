import assert from 'node:assert/strict'
import type { CrlRecord, CrlSummary } from '@certwright/core'
import { assertEqual, rejectionOf } from '../assertions.js'
import { crl, id, write } from '../records.js'
import { laws } from '../storage-law.js'

const caId = id('ca1')

function withoutBytes({ der: _der, ...summary }: CrlRecord): CrlSummary {
  return summary
}

export const crlNumbers = laws('CRL numbers and lists', {
  'count by CA, and give no number twice, also where its list is never made': async ({ storage }) => {
    const next = (of = caId) => write(storage, (tx) => tx.nextCrlNumber(of))
    assertEqual([await next(), await next()], [1, 2])
    await write(storage, (tx) => tx.insertCrl(crl({ number: 1 })))
    assertEqual([await next(), await next()], [3, 4])
    assert.equal(await next(id('ca2')), 1)
  },

  'give each number once, whatever is rolled back': async ({ storage }) => {
    const next = () => write(storage, (tx) => tx.nextCrlNumber(caId))
    const committed = [await next()]
    for (let i = 0; i < 3; i++) {
      const failed = storage.transaction(async (tx) => {
        await tx.nextCrlNumber(caId)
        throw new Error('no')
      })
      await rejectionOf(failed)
      committed.push(await next())
    }
    const increasing = [...new Set(committed)].sort((a, b) => a - b)
    assertEqual(committed, increasing)
  },

  'go on within one transaction': async ({ storage }) => {
    const numbers = await storage.transaction(async (tx) => [
      await tx.nextCrlNumber(caId),
      await tx.nextCrlNumber(caId),
    ])
    assertEqual(numbers, [1, 2])
  },

  'know the list with the highest number, also where a slower publisher comes last': async ({ storage }) => {
    await write(storage, (tx) => tx.insertCrl(crl({ number: 2 })))
    await write(storage, (tx) => tx.insertCrl(crl({ number: 1 })))
    const latest = withoutBytes(crl({ number: 2 }))
    assertEqual(await storage.crlState(caId, 'complete'), { revocationCount: 0, latest })
    assertEqual(await storage.findLatestCrl(caId, 'complete'), crl({ number: 2 }))
    assertEqual(await storage.crlState(id('ca2'), 'complete'), { revocationCount: 0 })
    assert.equal(await storage.findLatestCrl(id('ca2'), 'complete'), undefined)
  },

  'are apart by scope: complete lists, deltas and partitions each have a latest': async ({ storage }) => {
    const lists = [
      crl({ number: 1 }),
      crl({ number: 3, scope: 'delta', baseNumber: 1 }),
      crl({ number: 2, scope: '3-of-16' }),
    ]
    for (const list of lists) await write(storage, (tx) => tx.insertCrl(list))
    for (const list of lists) {
      assertEqual(await storage.findLatestCrl(caId, list.scope), list)
      assertEqual((await storage.crlState(caId, list.scope)).latest, withoutBytes(list))
    }
    const newer = crl({ number: 4 })
    await write(storage, (tx) => tx.insertCrl(newer))
    await write(storage, (tx) => tx.insertCrl({ ...crl({ number: 1 }), caId: id('ca2') }))
    const latest = [lists[2], lists[1], newer].map((list) => withoutBytes(list ?? newer))
    assertEqual(await storage.listLatestCrls(caId), latest)
    assertEqual(await storage.listLatestCrls(id('ca3')), [])
    assert.equal(await storage.findLatestCrl(caId, '4-of-16'), undefined)
    assertEqual(await storage.crlState(caId, '4-of-16'), { revocationCount: 0 })
  },

  'compare as numbers: 10 is above 9': async ({ storage }) => {
    for (const number of [9, 10]) await write(storage, (tx) => tx.insertCrl(crl({ number })))
    assert.equal((await storage.crlState(caId, 'complete')).latest?.number, 10)
    assert.equal((await storage.findLatestCrl(caId, 'complete'))?.number, 10)
  },
})
