/*
 * Triple DES in CBC mode, decryption only (FIPS 46-3, NIST SP 800-67; RFC 8018 §B.2.2).
 *
 * Nothing should be encrypted with it any more, and here nothing can be. But `openssl req -newkey` encrypted the keys it
 * made with it up to version 3.0 and beyond, so that is how most CA keys made by hand lie on disks, and WebCrypto does not
 * have it. Bits are kept in arrays, as the standard prints them: slow, and short enough to be compared with it line by line.
 * Timing tells nothing that matters: whoever could measure it is the one who typed the password.
 */

/** Positions count from 1, as in the standard. */
// biome-ignore format: the tables look as in the standard
const initialPermutation = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
  57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
]
const finalPermutation = initialPermutation.map((_, i) => initialPermutation.indexOf(i + 1) + 1)
// biome-ignore format: the tables look as in the standard
const expansion = [
  32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
  16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
]
// biome-ignore format: the tables look as in the standard
const permutation = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
]
// biome-ignore format: the tables look as in the standard
const permutedChoice1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
]
// biome-ignore format: the tables look as in the standard
const permutedChoice2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]
const shifts = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]

/** S1 to S8: four rows of sixteen hexadecimal digits each. */
const substitutions = [
  'e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d',
  'f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9',
  'a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c',
  '7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e',
  '2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453',
  'c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d',
  '4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c',
  'd2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b',
]
const boxes = substitutions.map((rows) =>
  [...rows.replaceAll(' ', '')].map((digit) => Number.parseInt(digit, 16)),
)

type Bits = number[]

/**
 * @param key 24 octets; their parity bits do not count
 * @param ciphertext whole blocks of 8 octets, one at least
 * @returns the plaintext without its padding (RFC 8018 §6.1.1), or `undefined` where that is none
 */
export function decryptTripleDes(
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const [k1, k2, k3] = [0, 8, 16].map((at) => roundKeys(bitsOf(key.subarray(at, at + 8)))) as [
    Bits[],
    Bits[],
    Bits[],
  ]
  // Decryption is encryption with the round keys in reverse: D(k1, E(k2, D(k3, block))).
  const passes = [[...k3].reverse(), k2, [...k1].reverse()]
  const plaintext = new Uint8Array(ciphertext.length)
  let previous = iv
  for (let at = 0; at < ciphertext.length; at += 8) {
    const block = ciphertext.subarray(at, at + 8)
    const bits = passes.reduce(cipher, bitsOf(block))
    for (let i = 0; i < 8; i++) plaintext[at + i] = octet(bits, 8 * i) ^ (previous[i] as number)
    previous = block
  }
  const padding = plaintext.at(-1) ?? 0
  const isPadded =
    padding >= 1 && padding <= 8 && plaintext.subarray(-padding).every((value) => value === padding)
  const content = isPadded ? plaintext.slice(0, -padding) : undefined
  plaintext.fill(0)
  return content
}

function cipher(block: Bits, keys: readonly Bits[]): Bits {
  const bits = permute(block, initialPermutation)
  let left = bits.slice(0, 32)
  let right = bits.slice(32)
  for (const key of keys) [left, right] = [right, xor(left, substitute(xor(permute(right, expansion), key)))]
  return permute([...right, ...left], finalPermutation)
}

function substitute(bits: Bits): Bits {
  const substituted = boxes.flatMap((box, i) => {
    const [a, b, c, d, e, f] = bits.slice(6 * i, 6 * i + 6) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const value = box[((2 * a + f) << 4) | (b << 3) | (c << 2) | (d << 1) | e] as number
    return [value >> 3, (value >> 2) & 1, (value >> 1) & 1, value & 1]
  })
  return permute(substituted, permutation)
}

function roundKeys(key: Bits): Bits[] {
  const bits = permute(key, permutedChoice1)
  let c = bits.slice(0, 28)
  let d = bits.slice(28)
  return shifts.map((shift) => {
    c = [...c.slice(shift), ...c.slice(0, shift)]
    d = [...d.slice(shift), ...d.slice(0, shift)]
    return permute([...c, ...d], permutedChoice2)
  })
}

const permute = (bits: Bits, table: readonly number[]): Bits =>
  table.map((position) => bits[position - 1] as number)

const xor = (a: Bits, b: Bits): Bits => a.map((bit, i) => bit ^ (b[i] as number))

const bitsOf = (octets: Uint8Array): Bits =>
  [...octets].flatMap((value) => [7, 6, 5, 4, 3, 2, 1, 0].map((i) => (value >> i) & 1))

const octet = (bits: Bits, at: number): number =>
  bits.slice(at, at + 8).reduce((value, bit) => (value << 1) | bit, 0)
