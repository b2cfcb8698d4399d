import { describe, expect, it } from 'vitest'
import { builtinProfiles } from './builtin-profiles.js'
import { parseProfile } from './parse-profile.js'
import { decideValidity, maximumDaysAt, type ValidityRule } from './validity.js'

const rule: ValidityRule = { name: 'test', defaultValidityDays: 365, maximumValidityDays: 397 }
const now = new Date('2026-06-01T12:00:00.900Z')
const issuer = (notBefore: string, notAfter: string) => ({
  notBefore: new Date(`${notBefore}Z`),
  notAfter: new Date(`${notAfter}Z`),
})
const longLived = issuer('2026-01-01T00:00:00', '2035-12-31T23:59:59')

function decide(validityDays?: number, issuerValidity = longLived, profile = rule): string {
  const { notBefore, notAfter } = decideValidity(profile, { validityDays, now, issuerValidity })
  return [notBefore, notAfter].map((time) => time.toISOString().replace('.000Z', '')).join(' ')
}

describe('decideValidity', () => {
  it('N days end one second before N × 86,400 seconds have passed (§4.1.2.5: notAfter is inclusive)', () => {
    expect(decide(1)).toBe('2026-06-01T11:59:00 2026-06-02T11:58:59')
    expect(decide(397)).toBe('2026-06-01T11:59:00 2027-07-03T11:58:59')
  })

  it('365 days where none are asked for', () => {
    expect(decide()).toBe('2026-06-01T11:59:00 2027-06-01T11:58:59')
  })

  it('starts no earlier than the issuer', () => {
    expect(decide(1, issuer('2026-06-01T12:00:00', '2035-12-31T23:59:59'))).toBe(
      '2026-06-01T12:00:00 2026-06-02T11:59:59',
    )
  })

  it('cuts what nobody asked for to the maximum of the profile and to the end of the issuer', () => {
    expect(decide(undefined, longLived, { ...rule, maximumValidityDays: 10 })).toBe(
      '2026-06-01T11:59:00 2026-06-11T11:58:59',
    )
    expect(decide(undefined, issuer('2026-01-01T00:00:00', '2026-12-31T23:59:59'))).toBe(
      '2026-06-01T11:59:00 2026-12-31T23:59:59',
    )
  })

  it('gives days that end with the issuer to the second, and not one second more', () => {
    expect(decide(1, issuer('2026-01-01T00:00:00', '2026-06-02T11:58:59'))).toBe(
      '2026-06-01T11:59:00 2026-06-02T11:58:59',
    )
    expect(() => decide(1, issuer('2026-01-01T00:00:00', '2026-06-02T11:58:58'))).toThrow(
      'Cannot issue certificate: validityDays 1 would outlive the issuer, which ends at 2026-06-02T11:58:58Z; ask for less',
    )
  })

  it.each([0, -1, 398, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d days', (days) => {
    expect(() => decide(days)).toThrow(
      expect.objectContaining({
        code: 'validity_refused',
        context: { requestedDays: days, maximumDays: 397 },
      }),
    )
  })

  it('refuses an issuer that has ended', () => {
    const ended = issuer('2026-01-01T00:00:00', '2026-06-01T12:00:00')
    expect(() => decide(undefined, ended)).toThrow(
      expect.objectContaining({
        code: 'validity_refused',
        context: { requestedDays: 365, notAfterLimit: ended.notAfter },
      }),
    )
    const ending = { now: ended.notAfter, issuerValidity: ended }
    expect(() => decideValidity(rule, ending)).toThrow(expect.objectContaining({ code: 'validity_refused' }))
  })

  it('the public profile follows the calendar of the CA/B Forum (ballot SC-081v3)', () => {
    const { maximumValidityDays } = parseProfile('publicServerAuth', builtinProfiles['publicServerAuth'])
    const days = (at: string) => maximumDaysAt(maximumValidityDays, new Date(at))
    expect(days('2019-01-01T00:00:00Z')).toBe(397)
    expect(days('2026-03-14T23:59:59Z')).toBe(397)
    expect(days('2026-03-15T00:00:00Z')).toBe(200)
    expect(days('2027-03-15T00:00:00Z')).toBe(100)
    expect(days('2029-03-14T23:59:59Z')).toBe(100)
    expect(days('2029-03-15T00:00:00Z')).toBe(47)
  })
})
