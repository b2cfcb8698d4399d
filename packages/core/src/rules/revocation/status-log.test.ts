import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Revocation } from '../../ports/records.js'
import type { CrlReason } from '../../x509/crl-reason.js'
import { encodeRevokedCertificates } from '../../x509/revoked-certificate.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { crlEntriesAt, statusAsKnownAt } from './status-log.js'

const day = (number: number): Date => new Date(Date.UTC(2026, 5, number))

function entry(reason: CrlReason, on: number, more: { from?: number; serial?: string } = {}): Revocation {
  const serialNumber = parseSerialNumber(more.serial ?? '4f00000000000001')
  const invalidityDate = more.from === undefined ? undefined : day(more.from)
  return {
    caId: 'ca1',
    serialNumber,
    revokedAt: day(on),
    reason,
    notAfter: day(1000),
    entryDer: encodeRevokedCertificates([
      { serialNumber, revocationDate: day(on), reason, ...(invalidityDate && { invalidityDate }) },
    ]),
  }
}

const statusOn = (log: readonly Revocation[], at: number, knownAt = 100) =>
  statusAsKnownAt(log, { at: day(at), knownAt: day(knownAt) })

describe('the status of a serial number', () => {
  const stolen = entry('keyCompromise', 20, { from: 10 })

  it('is good where nothing is written', () => {
    expect(statusOn([], 5)).toEqual({ kind: 'good' })
  })

  it('is revoked from the second of the revocation on', () => {
    const log = [entry('superseded', 20)]
    expect(statusOn(log, 19)).toEqual({ kind: 'good' })
    expect(statusOn(log, 20)).toEqual({
      kind: 'revoked',
      reason: 'superseded',
      since: day(20),
      revokedAt: day(20),
    })
  })

  it('is revoked from the invalidity date on, which lies before that (RFC 5280 §5.3.2)', () => {
    expect(statusOn([stolen], 9)).toEqual({ kind: 'good' })
    expect(statusOn([stolen], 10)).toEqual({
      kind: 'revoked',
      reason: 'keyCompromise',
      since: day(10),
      revokedAt: day(20),
    })
  })

  it('was good as far as was known before the entry was written', () => {
    expect(statusOn([stolen], 15, 19)).toEqual({ kind: 'good' })
    expect(statusOn([stolen], 15, 20).kind).toBe('revoked')
  })

  it('is held while a hold lasts, good after it, and both stay known of their time', () => {
    const log = [entry('certificateHold', 10), entry('removeFromCRL', 20)]
    expect([9, 10, 19, 20, 21].map((at) => statusOn(log, at).kind)).toEqual([
      'good',
      'held',
      'held',
      'good',
      'good',
    ])
    expect(statusOn(log, 20)).toEqual({ kind: 'good' })
    expect(statusOn(log, 15)).toMatchObject({ reason: 'certificateHold', since: day(10) })
  })

  it('is what the last entry says of the time, and not an earlier one', () => {
    const log = [entry('certificateHold', 10), entry('keyCompromise', 20, { from: 5 })]
    expect(statusOn(log, 7)).toMatchObject({ kind: 'revoked', since: day(5) })
    expect(statusOn(log, 15)).toMatchObject({ kind: 'revoked', revokedAt: day(20) })
    expect(statusOn(log, 15, 12)).toMatchObject({ kind: 'held', revokedAt: day(10) })
  })
})

describe('the entries of a full CRL', () => {
  const serials = ['4f01', '4f02', '4f03']
  const log = fc
    .array(
      fc.record({
        serial: fc.constantFrom(...serials),
        reason: fc.constantFrom<CrlReason>('keyCompromise', 'certificateHold', 'removeFromCRL'),
        after: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 12 },
    )
    .map((list) => {
      let on = 1
      return list.map(({ serial, reason, after }) => entry(reason, (on += after), { serial }))
    })

  it('are those whose status is not good then, one of each serial number', () => {
    fc.assert(
      fc.property(log, fc.integer({ min: 0, max: 30 }), (entries, at) => {
        const listed = crlEntriesAt(entries, day(at))
        const bad = serials.filter((serial) => {
          const own = entries.filter(({ serialNumber }) => serialNumber === parseSerialNumber(serial))
          return statusOn(own, at, at).kind !== 'good'
        })
        expect(listed.map(({ serialNumber }) => serialNumber).sort()).toEqual(bad.map(parseSerialNumber))
      }),
    )
  })

  it('stand in the order in which they were written last', () => {
    const entries = [
      entry('certificateHold', 1, { serial: '4f01' }),
      entry('superseded', 2, { serial: '4f02' }),
      entry('keyCompromise', 3, { serial: '4f01' }),
    ]
    expect(crlEntriesAt(entries, day(3))).toEqual([entries[1], entries[2]])
    expect(crlEntriesAt(entries, day(2))).toEqual([entries[0], entries[1]])
  })
})
