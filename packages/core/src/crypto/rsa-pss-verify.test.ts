import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  sign,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encode, explicit, nullValue, objectIdentifier, sequence } from '../asn1/der-writer.js'
import { utf8Encode } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import { rsassaPssOid } from './key-algorithms.js'
import { platformCrypto as nodeCrypto } from './provider-node.js'
import { platformCrypto as webCrypto } from './provider-web.js'
import { type PssDigest, type PssParameters, pssParameters } from './pss-parameters.js'
import { encodePublicKey, parsePublicKey, type RsaPublicKey } from './public-key.js'
import { toBigInt } from './rsa-numbers.js'
import { verifyPss } from './rsa-pss-verify.js'
import { findSignatureAlgorithm, type SignatureScheme, signatureAlgorithms } from './signature-algorithms.js'
import { verifySignature } from './verify.js'

const message = utf8Encode('to be signed')
const algorithm = signatureAlgorithms['RSA-PSS-SHA256'] // not looked at: the parameters stand beside it
const digests: [PssDigest, number][] = [
  ['SHA-256', 32],
  ['SHA-384', 48],
  ['SHA-512', 64],
]

interface Pair {
  privateKey: KeyObject
  publicKey: RsaPublicKey
}

function pairOf(modulusLength: number): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
  const spkiDer = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  return { privateKey, publicKey: parsePublicKey(spkiDer) as RsaPublicKey }
}

// The encoded message has as many octets as the modulus, or, where that begins with a single bit, one less.
const evenPair = pairOf(1536)
const oddPair = pairOf(1537)
const encodedLength = 192

const signed = ({ privateKey }: Pair, digest: PssDigest, saltLength: number): Uint8Array =>
  new Uint8Array(
    sign(digest, message, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
  )

const verifies = (
  { publicKey }: Pair,
  signature: Uint8Array,
  digest: PssDigest = 'SHA-256',
  saltLength = 32,
): boolean =>
  verifyPss({ digest, maskDigest: digest, saltLength }, { algorithm, publicKey, message, signature })

/** The encoded message in as many octets as the modulus has. */
const encodedMessage = ({ privateKey }: Pair, signature: Uint8Array): Uint8Array =>
  new Uint8Array(publicDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, signature))

const signatureOf = ({ privateKey, publicKey }: Pair, encoded: bigint): Uint8Array =>
  new Uint8Array(
    privateEncrypt(
      { key: privateKey, padding: constants.RSA_NO_PADDING },
      octetsOf(encoded, publicKey.modulus.length),
    ),
  )

const octetsOf = (value: bigint, length: number): Uint8Array =>
  hexDecode(value.toString(16).padStart(2 * length, '0'))

describe.each([
  [1536, evenPair],
  [1537, oddPair],
] as const)('RSASSA-PSS-VERIFY with %i bits (RFC 8017 §8.1.2)', (bits, pair) => {
  it('has a key of that size', () => {
    expect(pair.publicKey.bits).toBe(bits)
  })

  it.each(digests)(
    'verifies what node:crypto signs with %s and salts of any length',
    (digest, hashLength) => {
      const longest = encodedLength - hashLength - 2
      for (const saltLength of [0, 20, hashLength, longest]) {
        const signature = signed(pair, digest, saltLength)
        expect(verifies(pair, signature, digest, saltLength)).toBe(true)
        for (const other of [Math.abs(saltLength - 1), saltLength + 1, longest + 1, 1024]) {
          expect(verifies(pair, signature, digest, other)).toBe(false)
        }
      }
    },
  )

  it('refuses a signature with a bit turned', () => {
    const signature = signed(pair, 'SHA-256', 32)
    for (let bit = 0; bit < signature.length * 8; bit += 7) {
      const tampered = Uint8Array.from(signature)
      tampered[bit >> 3] = (tampered[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(verifies(pair, tampered)).toBe(false)
    }
  })

  it('refuses another message, another hash and the key of another', () => {
    const signature = signed(pair, 'SHA-256', 32)
    const parameters: PssParameters = { digest: 'SHA-256', maskDigest: 'SHA-256', saltLength: 32 }
    const other = { algorithm, publicKey: pair.publicKey, message: utf8Encode('to be signeD'), signature }
    expect(verifyPss(parameters, other)).toBe(false)
    expect(verifies(pair, signature, 'SHA-384')).toBe(false)
    expect(verifies(pairOf(bits), signature)).toBe(false)
  })

  it('refuses a signature of another length (step 1)', () => {
    const signature = signed(pair, 'SHA-256', 32)
    expect(verifies(pair, new Uint8Array())).toBe(false)
    expect(verifies(pair, signature.subarray(1))).toBe(false)
    expect(verifies(pair, Uint8Array.of(0, ...signature))).toBe(false)
    expect(verifies(pair, Uint8Array.of(...signature, 0))).toBe(false)
  })

  it('refuses numbers as large as the modulus (step 2b)', () => {
    const { modulus } = pair.publicKey
    expect(verifies(pair, modulus)).toBe(false)
    expect(verifies(pair, new Uint8Array(modulus.length).fill(0xff))).toBe(false)
  })

  it('refuses a bit above the encoded message, which the mask would hide (step 2c, §9.1.2 step 6)', () => {
    const modulus = toBigInt(pair.publicKey.modulus)
    const above = 1n << BigInt(bits - 1)
    // OpenSSL's moduli are 1.125 times that bit or more, so that one salt in eight leaves room for it.
    for (let attempt = 0; attempt < 1000; attempt++) {
      const encoded = toBigInt(encodedMessage(pair, signed(pair, 'SHA-256', 32)))
      if (encoded + above >= modulus) continue
      expect(verifies(pair, signatureOf(pair, encoded))).toBe(true)
      expect(verifies(pair, signatureOf(pair, encoded + above))).toBe(false)
      return
    }
    expect.unreachable('no salt left room')
  })

  it.each([
    ['a trailer other than bc (step 4)', encodedLength - 1],
    ['another hash (step 14)', encodedLength - 2],
    ['another salt (step 14)', encodedLength - 1 - 32 - 32],
    ['a separator other than 01 (step 10)', encodedLength - 1 - 32 - 32 - 1],
    ['padding that is not zero (step 10)', encodedLength - 1 - 32 - 32 - 2],
    ['padding that does not begin with zero (step 10)', 1],
  ])('refuses an encoding with %s', (_, position) => {
    const encoded = encodedMessage(pair, signed(pair, 'SHA-256', 32))
    const at = encoded.length - encodedLength + position
    encoded[at] = (encoded[at] as number) ^ 2
    expect(verifies(pair, signatureOf(pair, toBigInt(encoded)))).toBe(false)
  })
})

it('refuses s + n, a second signature for each (RFC 8017 §5.2.2)', () => {
  const signature = signed(oddPair, 'SHA-256', 32)
  expect(verifies(oddPair, signature)).toBe(true)
  const second = toBigInt(signature) + toBigInt(oddPair.publicKey.modulus)
  expect(verifies(oddPair, octetsOf(second, signature.length))).toBe(false)
})

it('takes RSA keys only', () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  const key = parsePublicKey(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })))
  const parameters: PssParameters = { digest: 'SHA-256', maskDigest: 'SHA-512', saltLength: 32 }
  expect(() =>
    verifyPss(parameters, { algorithm, publicKey: key, message, signature: new Uint8Array(64) }),
  ).toThrow(TypeError)
})

/*
 * printf 'to be signed' | openssl dgst -sha512 -sign key.pem \
 *   -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha256 -sigopt rsa_pss_saltlen:32
 */
const mixed = {
  publicKey: parsePublicKey(
    hexDecode(
      '30820122300d06092a864886f70d01010105000382010f003082010a02820101008db65e219dee76b244bc19692df488' +
        'fe979c6674eb3a9a88c7cd50f31b5d2b01f4c6210721dabef09f5764ab2175c7bdf1b820983125e8b1ef720e5466e532' +
        'f5b0b448431f68afddb9f48a7ca27f771b9ac21b8a7829635ec5c6bbdba09810b687d29f90a4917f5063c889f0608f9a' +
        '78d54cabd814cc30b328801dcc4afa68f5e243c6f3f0767e477987fc47b9d8126155f8bec1561dd5046860d17278147e' +
        '8968da7b01ff222be58ebcfcb4f656a961eecc6a533037aa5513e08c2e7203bb3bbc34eb5918aad9444f8691df3fd3b7' +
        'f3f1e9b1d48180fa4b5b39d394983fb7f2e0f41ff052d9244a1c3994d541c52facaaa5b9db570f70c6dd74e88cb59b00' +
        '350203010001',
    ),
  ),
  message,
  signature: hexDecode(
    '1d3348cc73d02673824955f5a390edb859e989f9baafb2ad47e8f86f0688a23d70dcddcd38e86cd2552c756bc69cb365' +
      'dc80d3f8ef68f9986b97b1131272c3da86f1a7010c412407dd34312157f1ce7935f0b0f5d0a2ec063886b9832c293927' +
      '62735379d96587f954e2104efcaeccdf62c743ab952defdbdc9a0fe5e0598b16838561be7b4d5a0ac110034c15df792b' +
      'fb821806b4bf000ffd42735bb56ed2852abc9ca19dc9f09266e94da2b16f0379b8ab341379c1b94e4b61cf1793674ec8' +
      'd5f448051554d4dad3989961c10f265cf99601d3690a4cae491b4ed74e3a97498b1bd1b395df1a9a81e57203a43291ea' +
      'c93e6a9427f98e5f3f7dbafe3facbf7d',
  ),
}
const mixedParameters: PssParameters = { digest: 'SHA-512', maskDigest: 'SHA-256', saltLength: 32 }

const identifierOf = (parameters: PssParameters): Uint8Array =>
  encode(sequence(objectIdentifier(rsassaPssOid), pssParameters(parameters)))
const schemeOf = (parameters: PssParameters): SignatureScheme =>
  findSignatureAlgorithm(identifierOf(parameters))
/** The same key under id-RSASSA-PSS. */
const restrictedTo = (parameters: PssParameters) =>
  parsePublicKey(encodePublicKey(identifierOf(parameters), mixed.publicKey.keyBits))

describe.each([
  ['node:crypto', nodeCrypto],
  ['WebCrypto', webCrypto],
])('a signature of OpenSSL whose MGF1 has another hash, beside %s', (_, provider) => {
  const verify = async (parameters: PssParameters, publicKey = mixed.publicKey) =>
    verifySignature(provider, { ...mixed, algorithm: schemeOf(parameters), publicKey })

  it('verifies (RFC 4055 §3.1)', async () => {
    expect(await verify(mixedParameters)).toBe(true)
  })

  it.each<PssParameters>([
    { ...mixedParameters, digest: 'SHA-384' },
    { ...mixedParameters, digest: 'SHA-256' },
    { ...mixedParameters, maskDigest: 'SHA-384' },
    { ...mixedParameters, maskDigest: 'SHA-512' },
    { ...mixedParameters, saltLength: 31 },
    { ...mixedParameters, saltLength: 33 },
  ])('does not verify with $digest, MGF1 with $maskDigest, a salt of $saltLength', async (parameters) => {
    expect(await verify(parameters)).toBe(false)
  })

  it.each<PssParameters>([mixedParameters, { ...mixedParameters, saltLength: 20 }])(
    'verifies with a key for $digest, MGF1 with $maskDigest, salts from $saltLength (RFC 4055 §3.3)',
    async (parameters) => {
      expect(await verify(mixedParameters, restrictedTo(parameters))).toBe(true)
    },
  )

  it.each<PssParameters>([
    { ...mixedParameters, digest: 'SHA-256' },
    { ...mixedParameters, maskDigest: 'SHA-512' },
    { ...mixedParameters, saltLength: 33 },
  ])(
    'refuses a key for $digest, MGF1 with $maskDigest, salts from $saltLength (RFC 4055 §3.3)',
    async (parameters) => {
      await expect(verify(mixedParameters, restrictedTo(parameters))).rejects.toMatchObject({
        code: 'unsupported_algorithm',
      })
    },
  )
})

/*
 * printf 'to be signed' | openssl dgst -sha256 -sign key.pem \
 *   -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha1 -sigopt rsa_pss_saltlen:20
 */
const withDefaultMask = {
  publicKey: parsePublicKey(
    hexDecode(
      '30820122300d06092a864886f70d01010105000382010f003082010a0282010100b3674491b1b699b3907bf48dcaebe9' +
        '3b56257ec44428a46398f839a0eab68a247f70afbacf24c89b6d543344096b6ce45e9510e02dba56ca1bbbf1c22e4e4d' +
        'c258c698dcd81c788976c9e6947d8c784396de21668a7d768cf9e7aca2ac3cf5c5c14a00cfe29dbc6e8b8cf0264e944b' +
        '986982fa1dc293c5a9ec489c0a760ddbc90acc047287fd9fb022f1c196880c542fd8f98743be6d10ba87540fdbeec885' +
        '5a5c187b836f0a295f9c7cf9b5a081ae42729d2738002ca481dc0f8df30bc06a56f7409f6a2fd5acc1d4521dfd7328c8' +
        '30790ca2b3a1a46dc64eddd6284779c28954448c72a0e7a49dc94b5122260d9331d706b5fd698df8f38b65d7b04378f1' +
        '270203010001',
    ),
  ),
  message,
  signature: hexDecode(
    '132466842794173c3b9f649c77f3b4647d783adf6430569eb13a335cb9430716d9cb30a1d2a7b386968b88366f2c7e0c' +
      'e46c54a76f01d078538e9b24673f7a0678504496dacfbc00643c48fda708678a0123df7ad372abda36c720a45b3118be' +
      '3276b929f198399e940a9566decf38e4de9ea4d15562b37711c59be8bbd1aebff79a023e698ce951a512a05dbae8e076' +
      '147326b948c244e649c829d1c8d02ae54848d968ccab50e9c3ed33a08f57042e20f6cfe953077d637dc55affe191c842' +
      'e1f4e7fb3e078188061b949aeed10ee0911602c8e6b68707bac9c90319e2cfb4ee0b4a07f493f2b7a84cb22ac59faa6d' +
      '19dca7cfc7abe4ae7d85cb5e9f377c87',
  ),
}

describe.each([
  ['node:crypto', nodeCrypto],
  ['WebCrypto', webCrypto],
])('a signature of OpenSSL with the default MGF1, which has SHA-1, beside %s', (_, provider) => {
  const verify = async (parameters: PssParameters) =>
    verifySignature(provider, { ...withDefaultMask, algorithm: schemeOf(parameters) })

  it('verifies with parameters that leave mask and salt out (RFC 4055 §3.1)', async () => {
    const parameters = { digest: 'SHA-256', maskDigest: 'SHA-1', saltLength: 20 } as const
    const hash = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), nullValue)
    expect(identifierOf(parameters)).toEqual(
      encode(sequence(objectIdentifier(rsassaPssOid), sequence(explicit(0, hash)))),
    )
    expect(await verify(parameters)).toBe(true)
  })

  it.each<PssParameters>([
    { digest: 'SHA-256', maskDigest: 'SHA-256', saltLength: 20 },
    { digest: 'SHA-256', maskDigest: 'SHA-1', saltLength: 32 },
    { digest: 'SHA-512', maskDigest: 'SHA-1', saltLength: 20 },
  ])('does not verify with $digest, MGF1 with $maskDigest, a salt of $saltLength', async (parameters) => {
    expect(await verify(parameters)).toBe(false)
  })
})
