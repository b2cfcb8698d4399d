import { constants, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encode, objectIdentifier, sequence } from '../asn1/der-writer.js'
import { utf8Encode } from '../encoding/bytes.js'
import { rsassaPssOid } from './key-algorithms.js'
import { defaultSignatureAlgorithm } from './key-use.js'
import { encodePkcs8, parsePrivateKey } from './pkcs8.js'
import { platformCrypto as nodeCrypto } from './provider-node.js'
import { platformCrypto as webCrypto } from './provider-web.js'
import { type PssDigest, type PssParameters, pssParameters } from './pss-parameters.js'
import { encodePublicKey, parsePublicKey } from './public-key.js'
import { type SignatureScheme, signatureAlgorithms } from './signature-algorithms.js'
import { verifySignature } from './verify.js'

const message = utf8Encode('to be signed')
const providers = [
  ['node:crypto', nodeCrypto],
  ['WebCrypto', webCrypto],
] as const

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const plain = parsePublicKey(new Uint8Array(rsa.publicKey.export({ type: 'spki', format: 'der' })))
const plainPkcs8 = new Uint8Array(rsa.privateKey.export({ type: 'pkcs8', format: 'der' }))

const sameHash = (digest: PssDigest, saltLength: number): PssParameters => ({
  digest,
  maskDigest: digest,
  saltLength,
})

/** The same key under id-RSASSA-PSS. */
const pssIdentifier = (parameters?: PssParameters): Uint8Array =>
  encode(sequence(objectIdentifier(rsassaPssOid), parameters && pssParameters(parameters)))
const pssKey = (parameters?: PssParameters) =>
  parsePublicKey(encodePublicKey(pssIdentifier(parameters), plain.keyBits))
const pssPkcs8 = (parameters?: PssParameters): Uint8Array =>
  encodePkcs8(pssIdentifier(parameters), parsePrivateKey(plainPkcs8).content)

const pssScheme = (parameters: PssParameters): SignatureScheme => ({
  name: 'RSA-PSS-SHA256',
  family: 'RSA',
  padding: 'pss',
  ...parameters,
})

const signedWithSalt = (saltLength: number): Uint8Array =>
  sign('sha256', message, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })

describe.each(providers)('RSASSA-PSS by %s', (_, provider) => {
  it.each([0, 10, 32, 222])('verifies with a salt of %i octets, and with no other', async (saltLength) => {
    const signature = signedWithSalt(saltLength)
    const verify = (length: number) =>
      verifySignature(provider, {
        algorithm: pssScheme(sameHash('SHA-256', length)),
        publicKey: plain,
        message,
        signature,
      })
    expect(await verify(saltLength)).toBe(true)
    for (const other of [saltLength + 1, 223, 1024]) expect(await verify(other)).toBe(false)
  })

  it('makes keys under id-RSASSA-PSS, and signs with them', async () => {
    const { spkiDer, pkcs8Der } = await provider.generateKeyPair('RSA-PSS-2048')
    const publicKey = parsePublicKey(spkiDer)
    expect(publicKey).toMatchObject({ family: 'RSA-PSS', keyAlgorithm: 'RSA-PSS-2048', bits: 2048 })
    expect(createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' })).toMatchObject({
      asymmetricKeyType: 'rsa-pss',
    })
    for (const [, importer] of providers) {
      const key = await importer.importSigningKey(pkcs8Der)
      expect(key.spkiDer).toEqual(spkiDer)
      const algorithm = signatureAlgorithms['RSA-PSS-SHA384']
      const signature = await key.sign('RSA-PSS-SHA384', message)
      expect(await verifySignature(provider, { algorithm, publicKey, message, signature })).toBe(true)
    }
  })

  it('signs within the parameters of the key, and keeps them (RFC 4055 §3.3)', async () => {
    const parameters = sameHash('SHA-384', 48)
    const key = await provider.importSigningKey(pssPkcs8(parameters))
    expect(parsePublicKey(key.spkiDer)).toMatchObject({ pssParameters: parameters })
    expect(defaultSignatureAlgorithm(key.keyAlgorithm, key.spkiDer)).toBe('RSA-PSS-SHA384')
    await expect((async () => key.sign('RSA-PSS-SHA256', message))()).rejects.toMatchObject({
      code: 'unsupported_algorithm',
    })
  })

  it.each<[string, PssParameters]>([
    ['a salt that is longer than the hash', sameHash('SHA-256', 64)],
    ['MGF1 with another hash', { digest: 'SHA-256', maskDigest: 'SHA-512', saltLength: 32 }],
  ])('refuses a key whose parameters leave nothing that we sign with: %s', async (_, parameters) => {
    const pkcs8Der = pssPkcs8(parameters)
    await expect((async () => provider.importSigningKey(pkcs8Der))()).rejects.toMatchObject({
      code: 'unsupported_algorithm',
    })
  })
})

describe('a key under id-RSASSA-PSS', () => {
  const signature = signedWithSalt(32)
  const verify = (algorithm: SignatureScheme, publicKey: ReturnType<typeof pssKey>) =>
    (async () => verifySignature(nodeCrypto, { algorithm, publicKey, message, signature }))()

  it.each<[string, PssParameters | undefined]>([
    ['without parameters', undefined],
    ['with the parameters of the signature', sameHash('SHA-256', 32)],
    ['with a shorter salt, which is the least', sameHash('SHA-256', 16)],
    ['with the salt of the default', sameHash('SHA-256', 20)],
  ])('%s verifies (RFC 4055 §3.3)', async (_, parameters) => {
    expect(await verify(signatureAlgorithms['RSA-PSS-SHA256'], pssKey(parameters))).toBe(true)
  })

  it.each<[string, PssParameters | undefined, SignatureScheme]>([
    ['another hash', sameHash('SHA-384', 32), signatureAlgorithms['RSA-PSS-SHA256']],
    [
      'another hash in MGF1',
      { digest: 'SHA-256', maskDigest: 'SHA-384', saltLength: 32 },
      signatureAlgorithms['RSA-PSS-SHA256'],
    ],
    [
      'another hash in MGF1 of the signature',
      sameHash('SHA-256', 32),
      pssScheme({ digest: 'SHA-256', maskDigest: 'SHA-384', saltLength: 32 }),
    ],
    ['a salt that is too short', sameHash('SHA-256', 33), signatureAlgorithms['RSA-PSS-SHA256']],
    ['PKCS#1 v1.5 (§1.2)', undefined, signatureAlgorithms['RSA-PKCS1-SHA256']],
  ])('refuses %s', async (_, parameters, algorithm) => {
    await expect(verify(algorithm, pssKey(parameters))).rejects.toMatchObject({
      code: 'unsupported_algorithm',
    })
  })
})
