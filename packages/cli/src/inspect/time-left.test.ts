import { describe, expect, it } from 'vitest'
import { updateState, validityState } from './time-left.js'

const notBefore = new Date('2026-01-01T00:00:00Z')
const notAfter = new Date('2026-03-31T23:59:59Z')
const at = (now: string) => validityState({ notBefore, notAfter }, new Date(now))

describe('the time that is left', () => {
  it.each([
    ['2025-12-31T23:59:59.500Z', 'starts in less than a minute'],
    ['2026-01-01T00:00:00Z', 'expires in 90 days'],
    ['2026-03-30T00:00:00Z', 'expires in 2 days'],
    ['2026-03-30T00:00:01Z', 'expires in 47 hours'],
    ['2026-03-31T23:58:30Z', 'expires in 1 minute'],
    // notAfter is the last second that is valid (RFC 5280 §4.1.2.5).
    ['2026-03-31T23:59:59.999Z', 'expires in less than a minute'],
    ['2026-04-01T00:00:00Z', 'expired less than a minute ago'],
    ['2026-04-11T00:00:00Z', 'expired 10 days ago'],
  ])('at %s: %s', (now, state) => {
    expect(at(now)).toBe(state)
  })

  it('says of a CRL or an OCSP response when the next one is due, where anything says so', () => {
    expect(updateState({ nextUpdate: notAfter }, notBefore)).toBe('next update in 89 days')
    expect(updateState({ nextUpdate: notBefore }, notAfter)).toBe('next update was due 89 days ago')
    expect(updateState({ nextUpdate: undefined }, notAfter)).toBeUndefined()
  })
})
