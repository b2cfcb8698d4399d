import { describe, expect, it } from 'vitest'
import { checkCrlTimes } from './check-crl-times.js'

const day = 86_400
const profile = { name: 'publicServerAuth', crlTimes: { validityDays: 10, intervalDays: 7 } }

describe('a profile that asks for fresh CRLs', () => {
  it('takes an issuer whose schedule is just as fresh', () => {
    expect(() => checkCrlTimes(profile, { validity: 10 * day, interval: 7 * day })).not.toThrow()
  })

  it.each([
    ['crl.validitySeconds', { validity: 10 * day + 1, interval: 7 * day }],
    ['crl.intervalSeconds', { validity: 10 * day, interval: 7 * day + 1 }],
  ])('refuses one that is a second behind, and says by which option: %s', (item, crl) => {
    expect(() => checkCrlTimes(profile, crl)).toThrow(
      expect.objectContaining({ code: 'profile_refused', context: { profile: 'publicServerAuth', item } }),
    )
  })
})

it('a profile that asks for none takes every issuer', () => {
  expect(() => checkCrlTimes({ name: 'device' }, { validity: 365 * day, interval: 365 * day })).not.toThrow()
})
