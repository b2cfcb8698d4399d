import type { KeyWeakness } from '../errors/codes.js'
import { bitLength, toBigInt } from './rsa-numbers.js'

/*
 * Keys that are well-formed and must not be certified all the same (CA/B BR 6.1.1.3 and 6.1.6).
 *
 * What is found: RSA that is too short, has an exponent below 65537, a modulus with a factor below 752, with primes so
 * close that Fermat's method finds them, or with the fingerprint of ROCA (CVE-2017-15361). What is not: the keys of the
 * Debian generator (CVE-2008-0166) and keys known to be disclosed, for which there are only lists, of megabytes.
 *
 * The cost, some 50 µs for 2048 bits, is less than what OpenSSL takes to read the same key.
 */

const minimumRsaBits = 2048
const minimumExponent = 65537n

/** CA/B BR 6.1.6: no factors smaller than 752. */
const smallFactorLimit = 752

/** CA/B BR 6.1.1.3: keys that Fermat's method factors within 100 rounds are to be refused. */
const fermatRounds = 100

/** What is wrong, in words that follow "Cannot use RSA key: ". */
export const rsaWeaknesses: Readonly<Record<KeyWeakness, string>> = {
  size: `its modulus is shorter than ${minimumRsaBits} bits`,
  exponent: `its exponent is below ${minimumExponent}`,
  small_factor: `its modulus has a factor below ${smallFactorLimit}`,
  close_primes: 'the primes of its modulus are so close that it can be factored',
  roca: 'it was made by a defective generator (ROCA, CVE-2017-15361) and can be factored',
}

/** Both numbers as `parsePublicKey` gives them: odd magnitudes, at most 8192 and 256 bits long. */
export function findRsaWeakness(modulus: Uint8Array, exponent: Uint8Array): KeyWeakness | undefined {
  if (bitLength(modulus) < minimumRsaBits) return 'size'
  if (toBigInt(exponent) < minimumExponent) return 'exponent'
  const n = toBigInt(modulus)
  const residues = residuesOf(n)
  if (residues.includes(0)) return 'small_factor'
  if (rocaPowers.every((powers, i) => powers === undefined || powers.has(residues[i] as number))) {
    return 'roca'
  }
  return hasClosePrimes(n) ? 'close_primes' : undefined
}

/** The odd primes below the limit; the modulus is odd already. */
const smallPrimes = primesFrom3(smallFactorLimit)

/** Runs of `smallPrimes` whose product is exact in a double: one long division gives the residues of a whole run. */
const primeRuns = runsOf(smallPrimes)

function residuesOf(n: bigint): number[] {
  const residues: number[] = []
  for (const { product, primes } of primeRuns) {
    const rest = Number(n % product)
    for (const prime of primes) residues.push(rest % prime)
  }
  return residues
}

/**
 * ROCA (Nemec et al., CCS 2017, §2.1): every prime of the defective library is 65537^a mod M, M a product of the first
 * primes, and so is the modulus. Modulo each of the primes up to 167, those of the shortest keys, it is then a power of
 * 65537; a random modulus is one for all of them with a probability near 2^-28.
 */
const rocaPowers = smallPrimes.map((prime) => (prime <= 167 ? powersOf65537(prime) : undefined))

function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power)
  return powers
}

/**
 * Fermat: n = a² - b² with `a` from the root of n upwards, that is (a - b)(a + b). Most candidates for b² are no
 * squares modulo 64, 63, 65 or 11, which is seen without taking a root.
 */
function hasClosePrimes(n: bigint): boolean {
  let a = squareRoot(n)
  if (a * a < n) a += 1n
  let bSquared = a * a - n
  for (let round = 0; round < fermatRounds; round++) {
    if (mayBeSquare(bSquared)) {
      const b = squareRoot(bSquared)
      if (b * b === bSquared) return true
    }
    bSquared += 2n * a + 1n
    a += 1n
  }
  return false
}

const squareModuli = [64, 63, 65, 11]
const squaresModulo = squareModuli.map(
  (modulus) => new Set(Array.from({ length: modulus }, (_, i) => (i * i) % modulus)),
)
const squareModuliProduct = BigInt(squareModuli.reduce((product, modulus) => product * modulus, 1))

function mayBeSquare(value: bigint): boolean {
  const rest = Number(value % squareModuliProduct)
  return squareModuli.every((modulus, i) => (squaresModulo[i] as ReadonlySet<number>).has(rest % modulus))
}

/** ⌊√n⌋ by Newton's method, from above. */
function squareRoot(n: bigint): bigint {
  if (n === 0n) return 0n
  let root = 1n << BigInt(n.toString(16).length * 2)
  for (;;) {
    const next = (root + n / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

function primesFrom3(limit: number): number[] {
  const primes: number[] = []
  for (let n = 3; n < limit; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

function runsOf(primes: readonly number[]): { product: bigint; primes: number[] }[] {
  const runs: { product: bigint; primes: number[] }[] = []
  let product = 1
  let run: number[] = []
  for (const prime of primes) {
    if (product * prime > Number.MAX_SAFE_INTEGER) {
      runs.push({ product: BigInt(product), primes: run })
      product = 1
      run = []
    }
    product *= prime
    run.push(prime)
  }
  return [...runs, { product: BigInt(product), primes: run }]
}
