import * as fc from 'fast-check'
import type { Revocation, SerialNumber } from '@certwright/core'
import { expect, it } from 'vitest'
import { RevocationLog } from './revocation-log.js'

const serial = (hex: string): SerialNumber => hex as SerialNumber
const revocation = (change: Partial<Revocation>): Revocation => ({
  caId: 'ca1',
  serialNumber: serial('0a'),
  revokedAt: new Date('2026-03-01T12:00:00Z'),
  reason: 'keyCompromise',
  notAfter: new Date('2026-06-01T00:00:00Z'),
  entryDer: Uint8Array.of(0x30, 0x00),
  ...change,
})

const serialNumber = fc.constantFrom(...['01', '02', '7f', '0100', '-01', '-0100'].map(serial))
const entry = fc
  .record({
    serialNumber,
    reason: fc.constantFrom('certificateHold' as const, 'keyCompromise' as const),
    entryDer: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  })
  .map((change) => revocation(change))
/** A transaction adds some entries, and commits or not. */
const transaction = fc.record({ entries: fc.array(entry, { maxLength: 5 }), commits: fc.boolean() })

/** What is kept, as anybody would write it. */
function lastEntries(kept: readonly Revocation[]): Revocation[] {
  return kept.filter((one, i) => !kept.slice(i + 1).some((later) => later.serialNumber === one.serialNumber))
}

it('is what the committed transactions have added, at every instant, whatever was rolled back', () => {
  fc.assert(
    fc.property(fc.array(transaction, { maxLength: 40 }), (transactions) => {
      let log = RevocationLog.empty('ca1')
      const kept: Revocation[] = []
      for (const { entries, commits } of transactions) {
        let draft = log
        for (const added of entries) draft = draft.with(added)
        const seen = [...log.lastEntries()]
        expect(seen).toEqual(lastEntries(kept))
        if (!commits) continue
        log = draft
        kept.push(...entries)
      }
      const last = lastEntries(kept)
      expect(log.count).toBe(kept.length)
      expect([...log.lastEntries()]).toEqual(last)
      expect(Buffer.concat(log.slabs())).toEqual(Buffer.concat(last.map(({ entryDer }) => entryDer)))
      for (const number of ['01', '02', '7f', '0100', '-01', '-0100', 'ff'] as SerialNumber[]) {
        expect(log.last(number)).toEqual(last.find((one) => one.serialNumber === number))
      }
    }),
    { numRuns: 300 },
  )
})

it.each(['0000-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '2106-02-07T06:28:16Z', '9999-12-31T23:59:59Z'])(
  'keeps the time %s to the second',
  (time) => {
    const notAfter = new Date(time)
    const log = RevocationLog.empty('ca1').with(revocation({ notAfter, revokedAt: notAfter }))
    expect(log.last(serial('0a'))).toMatchObject({ notAfter, revokedAt: notAfter })
  },
)

it.each([
  ['in whole seconds', new Date('2026-03-01T12:00:00.001Z')],
  ['outside the years', new Date('-000001-12-31T23:59:59Z')],
  ['outside the years', new Date(Date.UTC(36_000, 0))],
  ['whole seconds', new Date(Number.NaN)],
])('refuses a time that is not %s, and keeps nothing of the entry', (message, notAfter) => {
  const log = RevocationLog.empty('ca1')
  expect(() => log.with(revocation({ notAfter }))).toThrow(message)
  const other = log.with(revocation({ serialNumber: serial('0b') }))
  expect([...other.entries()].map(({ serialNumber }) => serialNumber)).toEqual(['0b'])
  expect(other.last(serial('0a'))).toBeUndefined()
})

it('finds each of 10,000 again, and gives them in slabs of 64 KB', () => {
  let log = RevocationLog.empty('ca1')
  const serials = Array.from({ length: 10_000 }, (_, i) => serial((0x4000_0000 + i * 7919).toString(16)))
  const entryDer = new Uint8Array(300).fill(7)
  for (const serialNumber of serials) log = log.with(revocation({ serialNumber, entryDer }))
  for (const serialNumber of serials) expect(log.last(serialNumber)?.serialNumber).toBe(serialNumber)
  const slabs = log.slabs()
  expect(slabs).toHaveLength(46)
  expect(slabs.reduce((sum, { length }) => sum + length, 0)).toBe(3_000_000)
})
