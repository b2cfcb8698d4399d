import { checkPrimeSync } from 'node:crypto'
import { encode, integer, sequence, unsignedInteger } from '@certwright/core/der'
import { inverse } from './ecdsa.js'
import { bigintOf, octetsOf, seededStream } from './seeded-octets.js'

/** An RSA key of a seed, as RSAPrivateKey and RSAPublicKey (RFC 8017 §A.1). */
export interface RsaKey {
  readonly privateDer: Uint8Array
  readonly publicDer: Uint8Array
}

const exponent = 65537n

/**
 * Two primes of the seed's octets, found as FIPS 186-5 §A.1.3 finds random ones. The primality test of the platform has
 * random bases, which never refuse a prime, and let a composite pass once in 2^128: so the key is that of the seed.
 *
 * @param bits of the modulus, even; below 2048 for keys that are to be refused
 */
export function rsaKeyOf(seed: string, bits: number): RsaKey {
  const stream = seededStream(seed)
  const p = primeOf(stream, bits / 2)
  let q = primeOf(stream, bits / 2)
  while (q === p) q = primeOf(stream, bits / 2)
  const modulus = p * q
  const d = inverse(exponent, (p - 1n) * (q - 1n))
  const numbers = [modulus, exponent, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)]
  return {
    privateDer: encode(sequence(integer(0), ...numbers.map(unsigned))),
    publicDer: encode(sequence(...[modulus, exponent].map(unsigned))),
  }
}

const unsigned = (value: bigint) => unsignedInteger(octetsOf(value, Math.ceil(value.toString(16).length / 2)))

function primeOf(stream: (length: number) => Uint8Array, bits: number): bigint {
  // The two highest bits are set, so that the product of two has twice the bits.
  const highest = 3n << BigInt(bits - 2)
  for (;;) {
    const candidate = (bigintOf(stream(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n)) | highest | 1n
    if (smallPrimes.some((prime) => candidate % prime === 0n)) continue
    // Octets with leading zeros are fine; an exponent that divides p - 1 has no inverse.
    if ((candidate - 1n) % exponent !== 0n && checkPrimeSync(candidate, { checks: 64 })) return candidate
  }
}

/** They spare three of four candidates the costly test. */
const smallPrimes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83].map(
  BigInt,
)
