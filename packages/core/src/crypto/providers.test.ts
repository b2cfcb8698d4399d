import { describe, expect, it } from 'vitest'
import {
  bitString,
  encode,
  explicit,
  integer,
  octetString,
  octetStringOf,
  raw,
  sequence,
} from '../asn1/der-writer.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { utf8Encode } from '../encoding/bytes.js'
import type { KeyAlgorithm, SignatureAlgorithm } from './algorithm-names.js'
import { digestSync } from './digest.js'
import { keyAlgorithmNames, keyAlgorithms } from './key-algorithms.js'
import type { CryptoProvider, GeneratedKeyPair, SignedMessage } from './provider.js'
import { platformCrypto as nodeCrypto } from './provider-node.js'
import { platformCrypto as webCrypto } from './provider-web.js'
import { parsePublicKey } from './public-key.js'
import { signatureAlgorithms } from './signature-algorithms.js'
import { verifySignature } from './verify.js'

const message = utf8Encode('to be signed')
const providers: [string, CryptoProvider, CryptoProvider][] = [
  ['node:crypto', nodeCrypto, webCrypto],
  ['WebCrypto', webCrypto, nodeCrypto],
]

/** One pair of each type, made by one side and then by the other: generating RSA is slow. */
const pairs = new Map<KeyAlgorithm, Promise<GeneratedKeyPair>>()
function pairOf(algorithm: KeyAlgorithm): Promise<GeneratedKeyPair> {
  const maker = pairs.size % 2 === 0 ? nodeCrypto : webCrypto
  const pair = pairs.get(algorithm) ?? maker.generateKeyPair(algorithm)
  pairs.set(algorithm, pair)
  return pair
}

/** Sizes of RSA differ in nothing but time; signing with SLH-DSA in JavaScript takes seconds: the fastest stands for all. */
const testedKeys = keyAlgorithmNames.filter(
  (name) => !/RSA.*(3072|4096)/.test(name) && (!name.startsWith('SLH') || name === 'SLH-DSA-SHA2-128f'),
)
const uses = testedKeys.flatMap((key) =>
  keyAlgorithms[key].signatureAlgorithms.map((algorithm) => [key, algorithm] as const),
)

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice()
  copy[at] = (copy[at] as number) ^ 1
  return copy
}

/** Not really. */
const signedBy = (spkiDer: Uint8Array, name: SignatureAlgorithm): SignedMessage => ({
  algorithm: signatureAlgorithms[name],
  publicKey: parsePublicKey(spkiDer),
  message,
  signature: message,
})

describe.each(providers)('a signature made by %s', (_, signer, verifier) => {
  it.each(uses)('with %s and %s verifies on the other side, and altered nowhere', async (key, algorithm) => {
    const { spkiDer, pkcs8Der } = await pairOf(key)
    const signingKey = await signer.importSigningKey(pkcs8Der)
    expect(signingKey.keyAlgorithm).toBe(key)
    expect(hexEncode(signingKey.spkiDer)).toBe(hexEncode(spkiDer))

    const signature = await signingKey.sign(algorithm, message)
    const signed = { algorithm: signatureAlgorithms[algorithm], publicKey: parsePublicKey(spkiDer), message }
    for (const provider of [verifier, signer]) {
      expect(await verifySignature(provider, { ...signed, signature })).toBe(true)
      const malformed = [
        flipped(signature, signature.length - 1),
        flipped(signature, 0),
        signature.subarray(1),
        new Uint8Array(0),
        Uint8Array.from([...signature, 0]),
      ]
      for (const other of malformed)
        expect(await verifySignature(provider, { ...signed, signature: other })).toBe(false)
      const together = [signature, ...malformed, signature]
      expect(
        await Promise.all(
          together.map(async (one) => verifySignature(provider, { ...signed, signature: one })),
        ),
      ).toEqual(together.map((one) => one === signature))
      expect(await verifySignature(provider, { ...signed, message: flipped(message, 0), signature })).toBe(
        false,
      )
    }
  })
})

describe.each(providers)('%s', (_, provider) => {
  it.each<[KeyAlgorithm, SignatureAlgorithm]>([
    ['ECDSA-P256', 'ECDSA-SHA256'],
    ['Ed25519', 'Ed25519'],
    ['RSA-2048', 'RSA-PKCS1-SHA256'],
  ])('signs several messages at once with %s, each its own', async (key, name) => {
    const { spkiDer, pkcs8Der } = await pairOf(key)
    const signingKey = await provider.importSigningKey(pkcs8Der)
    const messages = Array.from({ length: 8 }, (_unused, i) => Uint8Array.of(i))
    const signatures = await Promise.all(messages.map(async (one) => signingKey.sign(name, one)))
    const verdict = async (signature: Uint8Array, i: number) =>
      verifySignature(provider, {
        ...signedBy(spkiDer, name),
        message: messages[i] as Uint8Array,
        signature,
      })
    expect(await Promise.all(signatures.map(verdict))).toEqual(messages.map(() => true))
    expect(await Promise.all([...signatures].reverse().map(verdict))).toEqual(messages.map(() => false))
  })

  it('digests as @noble/hashes does', async () => {
    for (const algorithm of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const) {
      const digest = await provider.digest(algorithm, message)
      expect(hexEncode(digest)).toBe(hexEncode(digestSync(algorithm, message)))
    }
  })

  it('gives plain arrays, not Buffers, whose slice is no copy', async () => {
    const { spkiDer, pkcs8Der } = await provider.generateKeyPair('ECDSA-P256')
    const signature = await (await provider.importSigningKey(pkcs8Der)).sign('ECDSA-SHA256', message)
    for (const bytes of [spkiDer, pkcs8Der, signature, await provider.digest('SHA-256', message)]) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
    }
  })

  it('refuses an algorithm that is not for the key', async () => {
    const { spkiDer, pkcs8Der } = await pairOf('ECDSA-P384')
    const signingKey = await provider.importSigningKey(pkcs8Der)
    const refused = expect.objectContaining({ code: 'unsupported_algorithm' })
    await expect((async () => signingKey.sign('ECDSA-SHA256', message))()).rejects.toEqual(refused)
    await expect((async () => signingKey.sign('RSA-PSS-SHA256', message))()).rejects.toEqual(refused)
    await expect((async () => verifySignature(provider, signedBy(spkiDer, 'Ed25519')))()).rejects.toEqual(
      refused,
    )
  })

  it('refuses a public key whose point is not on the curve', async () => {
    const { spkiDer } = await pairOf('ECDSA-P256')
    const offCurve = flipped(spkiDer, spkiDer.length - 1)
    await expect(
      (async () => verifySignature(provider, signedBy(offCurve, 'ECDSA-SHA256')))(),
    ).rejects.toEqual(expect.objectContaining({ code: 'invalid_key' }))
  })

  it('does not believe the public key inside a private key that is not its own (RFC 5915 §3)', async () => {
    const [own, other] = await Promise.all([
      provider.generateKeyPair('ECDSA-P256'),
      provider.generateKeyPair('ECDSA-P256'),
    ])
    const { keyBits } = parsePublicKey(other.spkiDer)
    const scalar = own.pkcs8Der.subarray(36, 68)
    const pkcs8Der = encode(
      sequence(
        integer(0),
        raw(keyAlgorithms['ECDSA-P256'].identifierDer),
        octetStringOf(sequence(integer(1), octetString(scalar), explicit(1, bitString(keyBits)))),
      ),
    )
    await expect((async () => provider.importSigningKey(pkcs8Der))()).rejects.toEqual(
      expect.objectContaining({ code: 'invalid_key' }),
    )
  })
})

describe('verifySignature', () => {
  it('refuses an RSA signature without its leading zero (RFC 8017 §8.1.2, §8.2.2)', async () => {
    const { spkiDer, pkcs8Der } = await pairOf('RSA-2048')
    const signingKey = await nodeCrypto.importSigningKey(pkcs8Der)
    const publicKey = parsePublicKey(spkiDer)
    for (const name of ['RSA-PKCS1-SHA256', 'RSA-PSS-SHA256'] as const) {
      let counted = 0
      let signature: Uint8Array
      let signedMessage: Uint8Array
      do {
        signedMessage = utf8Encode(`message ${counted++}`)
        signature = await signingKey.sign(name, signedMessage)
      } while (signature[0] !== 0)
      const signed = { algorithm: signatureAlgorithms[name], publicKey, message: signedMessage }
      for (const provider of [nodeCrypto, webCrypto]) {
        expect(await verifySignature(provider, { ...signed, signature })).toBe(true)
        expect(await verifySignature(provider, { ...signed, signature: signature.subarray(1) })).toBe(false)
      }
    }
  })

  it('verifies what RFC 8032 §7.1 test 2 signed', async () => {
    const publicKey = parsePublicKey(
      hexDecode('302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
    )
    const signature = hexDecode(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
    const algorithm = signatureAlgorithms.Ed25519
    const signed = { algorithm, publicKey, message: Uint8Array.of(0x72), signature }
    expect(await verifySignature(nodeCrypto, signed)).toBe(true)
    expect(await verifySignature(webCrypto, signed)).toBe(true)
  })

  it('refuses an algorithm of another family before the key is used', async () => {
    const { spkiDer } = await pairOf('ECDSA-P256')
    expect(() => verifySignature(nodeCrypto, signedBy(spkiDer, 'RSA-PKCS1-SHA256'))).toThrow(
      expect.objectContaining({ code: 'unsupported_algorithm' }),
    )
  })
})
