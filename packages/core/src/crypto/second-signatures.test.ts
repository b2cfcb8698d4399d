import { describe, expect, it } from 'vitest'
import { encode, integer, sequence, unsignedInteger } from '../asn1/der-writer.js'
import { concatBytes, utf8Encode } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import type { KeyAlgorithm } from './algorithm-names.js'
import { ecdsaSignatureToRaw } from './ecdsa-signature.js'
import { platformCrypto as nodeCrypto } from './provider-node.js'
import { platformCrypto as webCrypto } from './provider-web.js'
import { type PublicKey, parsePublicKey } from './public-key.js'
import { toBigInt } from './rsa-numbers.js'
import { signatureAlgorithms } from './signature-algorithms.js'
import { verifySignature } from './verify.js'

/*
 * Whoever has one signature must not be able to write another that verifies: an identifier made of a whole certificate, or
 * a memory of verified ones, would take the second for something new. (ECDSA leaves one way: -s for s, which X.509 allows.)
 */

const message = utf8Encode('to be signed')

const octetsOf = (value: bigint, length: number): Uint8Array =>
  hexDecode(value.toString(16).padStart(2 * length, '0'))
const reversed = (octets: Uint8Array): Uint8Array => octets.slice().reverse()

const pair = (r: Uint8Array, s: Uint8Array): Uint8Array =>
  encode(sequence(unsignedInteger(r), unsignedInteger(s)))

async function signed(key: KeyAlgorithm) {
  const algorithm = signatureAlgorithms[key === 'ECDSA-P256' ? 'ECDSA-SHA256' : (key as 'Ed25519')]
  const { spkiDer, pkcs8Der } = await nodeCrypto.generateKeyPair(key)
  const signature = await (await nodeCrypto.importSigningKey(pkcs8Der)).sign(algorithm.name, message)
  const publicKey = parsePublicKey(spkiDer)
  const verify = async (other: Uint8Array, by: PublicKey = publicKey): Promise<readonly boolean[]> =>
    Promise.all(
      [nodeCrypto, webCrypto].map(async (provider) =>
        verifySignature(provider, { algorithm, publicKey: by, message, signature: other }),
      ),
    )
  return { signature, verify, publicKey }
}

const byBoth = [true, true]
const byNone = [false, false]

/** L of RFC 8032 §5.1 and §5.2: the order of the base point. */
const orders = {
  Ed25519: 2n ** 252n + 27742317777372353535851937790883648493n,
  Ed448: 2n ** 446n - 13818066809895115352007386748515426880336692474882178609894547503885n,
} as const

describe.each(['Ed25519', 'Ed448'] as const)('a signature by %s', (name) => {
  it('has S below the order of the group (RFC 8032 §5.1.7, §5.2.7)', async () => {
    const { signature, verify } = await signed(name)
    const half = signature.length / 2
    const [r, s] = [signature.subarray(0, half), toBigInt(reversed(signature.subarray(half)))]
    const withS = (value: bigint): Uint8Array => concatBytes(r, reversed(octetsOf(value, half)))
    expect(await verify(withS(s))).toEqual(byBoth)
    expect(await verify(withS(s + orders[name]))).toEqual(byNone)
    expect(await verify(withS(0n))).toEqual(byNone)
    // The last octet of an Ed448 scalar is zero, and nothing may hide in it.
    expect(await verify(withS(s + 2n ** BigInt(8 * half - 1)))).toEqual(byNone)
  })
})

describe('an ECDSA signature', () => {
  /** n of SEC 2 §2.4.2. */
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

  it('has one encoding, and r and s from 1 to n - 1 (X.690, SEC 1 §4.1.4)', async () => {
    const { signature, verify } = await signed('ECDSA-P256')
    const raw = ecdsaSignatureToRaw(signature, 32) as Uint8Array
    const [r, s] = [raw.subarray(0, 32), raw.subarray(32)]
    const content = signature.subarray(2)
    const beyond = (value: Uint8Array): Uint8Array => octetsOf(toBigInt(value) + order, 33)
    expect(await verify(pair(r, s))).toEqual(byBoth)
    const others = {
      'r + n': pair(beyond(r), s),
      's + n': pair(r, beyond(s)),
      'r = 0': encode(sequence(integer(0), unsignedInteger(s))),
      's = 0': encode(sequence(unsignedInteger(r), integer(0))),
      'r = s = n': pair(octetsOf(order, 32), octetsOf(order, 32)),
      'a long length': concatBytes(Uint8Array.of(0x30, 0x81, content.length), content),
      'an indefinite length': concatBytes(Uint8Array.of(0x30, 0x80), content, Uint8Array.of(0, 0)),
      'a third number': encode(sequence(unsignedInteger(r), unsignedInteger(s), integer(0))),
      'a superfluous zero': concatBytes(
        Uint8Array.of(0x30, content.length + 1, 2, (content[1] as number) + 1, 0),
        content.subarray(2),
      ),
      'r and s bare': raw,
      'a SET': concatBytes(Uint8Array.of(0x31), signature.subarray(1)),
    }
    for (const [what, other] of Object.entries(others)) {
      expect.soft([what, await verify(other)]).toEqual([what, byNone])
    }
  })
})

describe.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const)('a signature by %s', (name) => {
  /** FIPS 204 table 1: ω hints, and k polynomials whose hints are counted behind them. */
  const { omega, k } = {
    'ML-DSA-44': { omega: 80, k: 4 },
    'ML-DSA-65': { omega: 55, k: 6 },
    'ML-DSA-87': { omega: 75, k: 8 },
  }[name]

  it('has its hints in one encoding (FIPS 204 algorithm 21)', async () => {
    const { signature, verify } = await signed(name)
    const hints = signature.length - omega - k
    const used = signature[signature.length - 1] as number
    const counts = [0, ...signature.subarray(-k)]
    const rising = counts.findIndex((count, i) => (counts[i + 1] ?? 0) - count > 1)
    const [from = 0, to = 0] = counts.slice(rising)
    expect(to - from).toBeGreaterThan(1)
    const altered = (change: (copy: Uint8Array) => void): Uint8Array => {
      const copy = signature.slice()
      change(copy)
      return copy
    }
    expect(await verify(signature)).toEqual(byBoth)
    const others = {
      'a hint behind the last': altered((copy) => copy.fill(1, hints + used, hints + used + 1)),
      'more hints than ω': altered((copy) => copy.fill(omega + 1, -1)),
      'counts that fall': altered((copy) => copy.fill(used + 1, -2, -1)),
      'hints that fall': altered((copy) => copy.subarray(hints + from, hints + to).reverse()),
      'an octet less': signature.subarray(0, -1),
      'an octet more': concatBytes(signature, Uint8Array.of(0)),
    }
    for (const [what, other] of Object.entries(others)) {
      expect.soft([what, await verify(other)]).toEqual([what, byNone])
    }
  })
})
