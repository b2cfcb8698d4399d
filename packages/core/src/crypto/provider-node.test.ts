import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encode, integer, sequence, unsignedInteger } from '../asn1/der-writer.js'
import { isPkiError } from '../errors/pki-error.js'
import { concatBytes, utf8Encode } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import type { KeyAlgorithm, SignatureAlgorithm } from './algorithm-names.js'
import { keyAlgorithms } from './key-algorithms.js'
import { platformCrypto } from './provider-node.js'
import { encodePublicKey, parsePublicKey } from './public-key.js'
import { signatureAlgorithms } from './signature-algorithms.js'
import { verifySignature } from './verify.js'

/*
 * Public keys are handed to OpenSSL as points or JWK, which is quicker than DER. What is no key for it as DER must be none
 * so either.
 */

const message = utf8Encode('to be signed')

async function ours(spkiDer: Uint8Array, name: SignatureAlgorithm, signature: Uint8Array): Promise<string> {
  const algorithm = signatureAlgorithms[name]
  try {
    const publicKey = parsePublicKey(spkiDer)
    return String(await verifySignature(platformCrypto, { algorithm, publicKey, message, signature }))
  } catch (error) {
    if (isPkiError(error) && error.code === 'invalid_key') return 'no key'
    throw error
  }
}

function openssl(spkiDer: Uint8Array, name: SignatureAlgorithm, signature: Uint8Array): string {
  try {
    const key = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
    return String(verify(name === 'Ed25519' ? null : 'sha256', message, key, signature))
  } catch {
    return 'no key'
  }
}

const p256Prime = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'
const p256BaseX = '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'
const p256BaseY = '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
const zero = '00'.repeat(32)
const ones = 'ff'.repeat(32)

const point = (x: string, y: string): Uint8Array => concatBytes(Uint8Array.of(4), hexDecode(x + y))

const spki = (name: KeyAlgorithm, keyBits: Uint8Array): Uint8Array =>
  encodePublicKey(keyAlgorithms[name].identifierDer, keyBits)

describe('a public key in its quick form and as DER', () => {
  it.each<[string, string, Uint8Array]>([
    ['the base point', 'false', point(p256BaseX, p256BaseY)],
    ['coordinates that are swapped', 'no key', point(p256BaseY, p256BaseX)],
    ['a point beside the curve', 'no key', point(p256BaseX, zero)],
    ['zeros', 'no key', point(zero, zero)],
    ['x as large as the prime', 'no key', point(p256Prime, p256BaseY)],
    ['y as large as the prime', 'no key', point(p256BaseX, p256Prime)],
    ['x of ones', 'no key', point(ones, p256BaseY)],
  ])('of P-256, %s: %s', async (_, verdict, keyBits) => {
    const signature = encode(sequence(integer(1), integer(1)))
    const spkiDer = spki('ECDSA-P256', keyBits)
    expect(await ours(spkiDer, 'ECDSA-SHA256', signature)).toBe(verdict)
    expect(openssl(spkiDer, 'ECDSA-SHA256', signature)).toBe(verdict)
  })

  it.each<['P-384' | 'P-521', number]>([
    ['P-384', 48],
    ['P-521', 66],
  ])('of %s', async (curve, octets) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
    const spkiDer = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const signature = sign('sha256', message, privateKey)
    expect(await ours(spkiDer, 'ECDSA-SHA256', signature)).toBe('true')
    expect(openssl(spkiDer, 'ECDSA-SHA256', signature)).toBe('true')
    const y = parsePublicKey(spkiDer).keyBits.slice(-octets)
    for (const [offset, bytes] of [
      [spkiDer.length - octets, new Uint8Array(octets)],
      [spkiDer.length - octets, y.map((octet, i) => (i === octets - 1 ? octet ^ 1 : octet))],
      [spkiDer.length - 2 * octets, new Uint8Array(octets).fill(0xff)],
    ] as const) {
      const beside = Uint8Array.from(spkiDer)
      beside.set(bytes, offset)
      expect(await ours(beside, 'ECDSA-SHA256', signature)).toBe('no key')
      expect(openssl(beside, 'ECDSA-SHA256', signature)).toBe('no key')
    }
  })

  it.each<[string, Uint8Array]>([
    ['the neutral element, which every message verifies with', hexDecode(`01${'00'.repeat(31)}`)],
    ['a point of order 8', hexDecode('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')],
    ['y above the prime', hexDecode(`ee${'ff'.repeat(30)}7f`)],
    ['no point', hexDecode(`02${'00'.repeat(31)}`)],
  ])('of Ed25519, %s', async (_, keyBits) => {
    const spkiDer = spki('Ed25519', keyBits)
    for (const signature of [new Uint8Array(64), concatBytes(keyBits, new Uint8Array(32))]) {
      expect(await ours(spkiDer, 'Ed25519', signature)).toBe(openssl(spkiDer, 'Ed25519', signature))
    }
  })

  it.each([512, 1024, 2048])('of RSA with %i bits', async (modulusLength) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength })
    const spkiDer = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const signature = new Uint8Array(modulusLength / 8).fill(1)
    expect(await ours(spkiDer, 'RSA-PKCS1-SHA256', signature)).toBe(
      openssl(spkiDer, 'RSA-PKCS1-SHA256', signature),
    )
  })

  it('of RSA with a modulus below the digest', async () => {
    const numbers = sequence(unsignedInteger(Uint8Array.of(0xff, 1)), unsignedInteger(Uint8Array.of(3)))
    const spkiDer = spki('RSA-2048', encode(numbers))
    expect(await ours(spkiDer, 'RSA-PKCS1-SHA256', Uint8Array.of(1, 1))).toBe('false')
  })
})
