import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { base64Decode } from '../encoding/base64.js'
import { hexDecode } from '../encoding/hex.js'
import { findRsaWeakness } from './weak-keys.js'

const f4 = Uint8Array.of(1, 0, 1)

const magnitude = (n: bigint): Uint8Array => {
  const digits = n.toString(16)
  return hexDecode(digits.length % 2 === 0 ? digits : `0${digits}`)
}

/** The modulus of a real key, so that what is found below is what was put in. */
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = publicKey.export({ format: 'jwk' })
const text = (jwk.n ?? '').replaceAll('-', '+').replaceAll('_', '/')
const modulus = base64Decode(text.padEnd(Math.ceil(text.length / 4) * 4, '='))
const n = BigInt(`0x${Buffer.from(modulus).toString('hex')}`)

const smallOddPrimes = Array.from({ length: 375 }, (_, i) => 2n * BigInt(i) + 3n).filter(
  (candidate, _, all) => all.every((divisor) => divisor >= candidate || candidate % divisor !== 0n),
)

/** The next number from `start` in steps of `step` that has no small factor: as good as a prime for these tests. */
function withoutSmallFactors(start: bigint, step: bigint): bigint {
  let candidate = start
  while (smallOddPrimes.some((prime) => candidate % prime === 0n)) candidate += step
  return candidate
}

describe('findRsaWeakness', () => {
  it('finds nothing in a modulus of the platform', () => {
    expect(findRsaWeakness(modulus, f4)).toBeUndefined()
  })

  it('size: a modulus below 2048 bits (CA/B BR 6.1.5)', () => {
    expect(findRsaWeakness(magnitude(n >> 1n), f4)).toBe('size')
  })

  it('exponent: below 65537 (CA/B BR 6.1.6)', () => {
    expect(findRsaWeakness(modulus, Uint8Array.of(0xff, 0xff))).toBe('exponent')
  })

  it.each([3n, 167n, 751n])('small_factor: %s divides the modulus (CA/B BR 6.1.6)', (factor) => {
    const multiple = ((n << 12n) / factor) * factor
    expect(findRsaWeakness(magnitude(multiple % 2n === 0n ? multiple + factor : multiple), f4)).toBe(
      'small_factor',
    )
  })

  it('close_primes: p and q that Fermat finds within 100 rounds (CA/B BR 6.1.1.3)', () => {
    const p = withoutSmallFactors((3n << 1022n) + 1n, 2n)
    // a - √n is about (p - q)² / 8p: with 2^515 between the primes some tens of rounds are needed.
    const q = withoutSmallFactors(p + (1n << 515n), 2n)
    expect(findRsaWeakness(magnitude(p * q), f4)).toBe('close_primes')
  })

  it('close_primes: the square of a prime', () => {
    const p = withoutSmallFactors((3n << 1022n) + 1n, 2n)
    expect(findRsaWeakness(magnitude(p * p), f4)).toBe('close_primes')
  })

  it('close_primes: not where more than 100 rounds are needed', () => {
    const p = withoutSmallFactors((3n << 1022n) + 1n, 2n)
    const q = withoutSmallFactors(p + (1n << 530n), 2n)
    expect(findRsaWeakness(magnitude(p * q), f4)).toBeUndefined()
  })

  it('roca: both primes are k·M + 65537^a mod M (CVE-2017-15361)', () => {
    const m = smallOddPrimes.filter((prime) => prime <= 167n).reduce((product, prime) => product * prime, 2n)
    const rocaPrime = (k: bigint, a: bigint): bigint => {
      let power = 1n
      for (let i = 0n; i < a; i++) power = (power * 65537n) % m
      return withoutSmallFactors(k * m + power, m)
    }
    const p = rocaPrime((3n << 1022n) / m, 12345n)
    const q = rocaPrime((7n << 1021n) / m, 6789n)
    expect(findRsaWeakness(magnitude(p * q), f4)).toBe('roca')
    expect(findRsaWeakness(magnitude(p * (q + 2n * m + 2n)), f4)).not.toBe('roca')
  })
})
