import type { MlDsaAlgorithm } from './algorithm-names.js'

/*
 * An expanded ML-DSA key (FIPS 204 algorithm 24) holds ρ, K, tr, s1, s2 and t0; t0 follows from the others as the low
 * bits of t = A·s1 + s2 (algorithm 6). A t0 that does not still makes signatures that mostly verify, so signing does not
 * show it (RFC 9881 §8.2, third example of appendix C.4): it is computed here.
 *
 * Polynomials are arrays of 256 integers modulo q; a product of two has 46 bits, exact in a double.
 */

const q = 8380417
const n = 256
const droppedBits = 13
const seedsLength = 32 + 32 + 64

/** FIPS 204 table 1: rows and columns of the matrix, and the bound of secret coefficients. */
const parameterSets: Readonly<Record<MlDsaAlgorithm, { k: number; l: number; eta: number }>> = {
  'ML-DSA-44': { k: 4, l: 4, eta: 2 },
  'ML-DSA-65': { k: 6, l: 5, eta: 4 },
  'ML-DSA-87': { k: 8, l: 7, eta: 2 },
}

type Polynomial = Int32Array

/** @param expandedKey of the length of its parameter set */
export async function hasConsistentT0(name: MlDsaAlgorithm, expandedKey: Uint8Array): Promise<boolean> {
  const { shake128 } = await import('@noble/hashes/sha3.js')
  const { k, l, eta } = parameterSets[name]
  const secretBits = eta === 2 ? 3 : 4
  const secretEnd = seedsLength + ((k + l) * n * secretBits) / 8
  const secrets = unpack(expandedKey.subarray(seedsLength, secretEnd), secretBits, eta)
  const t0 = unpack(expandedKey.subarray(secretEnd), droppedBits, 2 ** (droppedBits - 1))
  const s1 = secrets.slice(0, l).map(ntt)

  let difference = 0
  for (let row = 0; row < k; row++) {
    const product = new Int32Array(n)
    for (const [column, polynomial] of s1.entries()) {
      const stream = shake128
        .create({})
        .update(expandedKey.subarray(0, 32))
        .update(Uint8Array.of(column, row))
      const entry = sampleUniform(() => stream.xof(168))
      for (let i = 0; i < n; i++) product[i] = modulo(at(product, i) + at(entry, i) * at(polynomial, i))
    }
    const t = inverseNtt(product)
    const s2 = secrets[l + row] as Polynomial
    for (let i = 0; i < n; i++) {
      const low = lowBits(modulo(at(t, i) + at(s2, i)))
      difference |= low ^ at(t0[row] as Polynomial, i)
    }
  }
  return difference === 0
}

const at = (polynomial: Polynomial, i: number): number => polynomial[i] as number

const modulo = (value: number): number => ((value % q) + q) % q

/** Power2Round (algorithm 35): the remainder that lies around zero. */
function lowBits(value: number): number {
  const low = value % 2 ** droppedBits
  return low > 2 ** (droppedBits - 1) ? low - 2 ** droppedBits : low
}

/** BitUnpack (algorithm 19): `bits` for each coefficient, little-endian, counted down from `top`. */
function unpack(octets: Uint8Array, bits: number, top: number): Polynomial[] {
  const polynomials = Array.from({ length: (octets.length * 8) / bits / n }, () => new Int32Array(n))
  let bitOffset = 0
  for (const polynomial of polynomials) {
    for (let i = 0; i < n; i++) {
      let value = 0
      for (let bit = 0; bit < bits; bit++, bitOffset++) {
        value |= (((octets[bitOffset >> 3] as number) >> (bitOffset & 7)) & 1) << bit
      }
      polynomial[i] = top - value
    }
  }
  return polynomials
}

/** RejNTTPoly (algorithm 30). @param nextBlock 168 octets of SHAKE128, so that no triple is cut */
function sampleUniform(nextBlock: () => Uint8Array): Polynomial {
  const polynomial = new Int32Array(n)
  for (let i = 0; i < n; ) {
    const block = nextBlock()
    for (let offset = 0; offset < block.length && i < n; offset += 3) {
      const [low = 0, middle = 0, high = 0] = block.subarray(offset, offset + 3)
      const candidate = low | (middle << 8) | ((high & 0x7f) << 16)
      if (candidate < q) polynomial[i++] = candidate
    }
  }
  return polynomial
}

/** Powers of the root of unity 1753 in bit-reversed order (appendix B). */
const zetas = Int32Array.from({ length: n }, (_, i) => {
  let reversed = 0
  for (let bit = 0; bit < 8; bit++) reversed |= ((i >> bit) & 1) << (7 - bit)
  let power = 1
  for (let j = 0; j < reversed; j++) power = (power * 1753) % q
  return power
})

/** Algorithm 41. */
function ntt(polynomial: Polynomial): Polynomial {
  const out = polynomial.map(modulo)
  let next = 1
  for (let length = n / 2; length >= 1; length /= 2) {
    for (let start = 0; start < n; start += 2 * length) {
      const zeta = at(zetas, next++)
      for (let j = start; j < start + length; j++) {
        const term = (zeta * at(out, j + length)) % q
        out[j + length] = modulo(at(out, j) - term)
        out[j] = modulo(at(out, j) + term)
      }
    }
  }
  return out
}

/** Algorithm 42. */
function inverseNtt(polynomial: Polynomial): Polynomial {
  const out = polynomial.slice()
  let next = n - 1
  for (let length = 1; length < n; length *= 2) {
    for (let start = 0; start < n; start += 2 * length) {
      const zeta = q - at(zetas, next--)
      for (let j = start; j < start + length; j++) {
        const before = at(out, j)
        out[j] = modulo(before + at(out, j + length))
        out[j + length] = (zeta * modulo(before - at(out, j + length))) % q
      }
    }
  }
  return out.map((value) => (value * 8347681) % q) // 256⁻¹ mod q
}
