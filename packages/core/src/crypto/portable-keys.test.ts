import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encode, octetString, sequence } from '../asn1/der-writer.js'
import { contextPrimitive } from '../asn1/tags.js'
import { concatBytes, utf8Encode } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import type { MlDsaAlgorithm, SlhDsaAlgorithm } from './algorithm-names.js'
import { wholeMessageKeys } from './key-algorithms.js'
import { encodePkcs8, parsePrivateKey } from './pkcs8.js'
import { generatePortably, importPortably, isPortable, verifyPortably } from './portable-keys.js'
import { platformCrypto as nodeCrypto } from './provider-node.js'
import { platformCrypto as webCrypto } from './provider-web.js'
import { parsePublicKey } from './public-key.js'
import { signatureAlgorithms } from './signature-algorithms.js'

const randomOctets = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
const message = utf8Encode('to be signed')
const providers = [
  ['node:crypto', nodeCrypto],
  ['WebCrypto', webCrypto],
] as const

/** The seed of the examples in RFC 9881 appendix C.1. */
const seed = hexDecode('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f')

async function expandedKey(name: MlDsaAlgorithm, from: Uint8Array): Promise<Uint8Array> {
  const { ml_dsa44, ml_dsa65, ml_dsa87 } = await import('@noble/post-quantum/ml-dsa.js')
  const implementations = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 }
  return implementations[name].keygen(from).secretKey
}

const pkcs8 = (name: MlDsaAlgorithm | SlhDsaAlgorithm, content: Uint8Array): Uint8Array =>
  encodePkcs8(wholeMessageKeys[name].identifierDer, content)

const seedForm = (octets: Uint8Array): Uint8Array => encode(octetString(octets, contextPrimitive(0)))
const expandedForm = (octets: Uint8Array): Uint8Array => encode(octetString(octets))
const bothForms = (from: Uint8Array, expanded: Uint8Array): Uint8Array =>
  encode(sequence(octetString(from), octetString(expanded)))

const altered = (octets: Uint8Array, at: number): Uint8Array =>
  octets.map((octet, i) => (i === at ? octet ^ 1 : octet))

describe.each(providers)('ML-DSA private keys by %s', (_, provider) => {
  it.each<MlDsaAlgorithm>(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])(
    '%s is one key in the three forms of RFC 9881 §6',
    async (name) => {
      const expanded = await expandedKey(name, seed)
      const forms = [seedForm(seed), expandedForm(expanded), bothForms(seed, expanded)]
      const keys = await Promise.all(forms.map(async (form) => provider.importSigningKey(pkcs8(name, form))))
      const [first] = keys
      for (const key of keys) expect(key.spkiDer).toEqual(first?.spkiDer)
    },
  )

  it('writes the seed alone', async () => {
    const { pkcs8Der } = await provider.generateKeyPair('ML-DSA-44')
    expect(pkcs8Der.length).toBe(54)
    expect(parsePrivateKey(pkcs8Der).content.subarray(0, 2)).toEqual(Uint8Array.of(0x80, 32))
  })

  it('refuses an expanded key that the seed does not give (RFC 9881 §8.2)', async () => {
    const other = await expandedKey('ML-DSA-44', altered(seed, 0))
    const der = pkcs8('ML-DSA-44', bothForms(seed, other))
    await expect((async () => provider.importSigningKey(der))()).rejects.toMatchObject({
      code: 'invalid_key',
    })
  })

  it.each([
    ['the hash of the public key', 64],
    ['the matrix', 0],
    ['s1', 128],
    ['s2', 128 + 4 * 96],
    ['t0, which no signature shows', 2559],
  ])('refuses an expanded key in which %s was altered (RFC 9881 appendix C.4)', async (_, at) => {
    const der = pkcs8('ML-DSA-44', expandedForm(altered(await expandedKey('ML-DSA-44', seed), at)))
    await expect((async () => provider.importSigningKey(der))()).rejects.toMatchObject({
      code: 'invalid_key',
    })
  })
})

describe('parsePrivateKey', () => {
  it.each<[string, string, Uint8Array]>([
    ['an ML-DSA seed of 31 octets', 'invalid_key', pkcs8('ML-DSA-65', seedForm(seed.subarray(1)))],
    [
      'an expanded key of another size',
      'invalid_key',
      pkcs8('ML-DSA-65', expandedForm(new Uint8Array(2560))),
    ],
    ['both, one of another size', 'invalid_key', pkcs8('ML-DSA-65', bothForms(seed, new Uint8Array(2560)))],
    ['a bare seed, as no RFC has it', 'invalid_der', pkcs8('ML-DSA-65', seed)],
    [
      'bytes behind the seed',
      'invalid_der',
      pkcs8('ML-DSA-65', concatBytes(seedForm(seed), Uint8Array.of(0))),
    ],
    [
      'an SLH-DSA key in an OCTET STRING of its own (RFC 9909 §7)',
      'invalid_key',
      pkcs8('SLH-DSA-SHA2-128f', expandedForm(new Uint8Array(64))),
    ],
    ['an SLH-DSA key of another size', 'invalid_key', pkcs8('SLH-DSA-SHA2-192f', new Uint8Array(64))],
  ])('refuses %s', (_, code, der) => {
    expect(() => parsePrivateKey(der)).toThrow(expect.objectContaining({ code }))
  })
})

describe('SLH-DSA', () => {
  it('refuses a private key whose root does not follow from its seeds (FIPS 205 §9.1)', async () => {
    const { pkcs8Der } = await generatePortably('SLH-DSA-SHAKE-128f', randomOctets)
    const parsed = parsePrivateKey(altered(pkcs8Der, pkcs8Der.length - 1))
    await expect(importPortably('SLH-DSA-SHAKE-128f', parsed)).rejects.toMatchObject({ code: 'invalid_key' })
  })
})

describe('what platforms lack', () => {
  const names = Object.values(wholeMessageKeys).map(({ name }) => name)

  it('is all but Ed25519', () => {
    expect(names.filter((name) => !isPortable(name))).toEqual(['Ed25519'])
  })

  it('has keys and signatures of the lengths in the table', async () => {
    const mlDsa = await import('@noble/post-quantum/ml-dsa.js')
    const slhDsa = await import('@noble/post-quantum/slh-dsa.js')
    const theirs = new Map<string, { lengths: object }>(Object.entries({ ...mlDsa, ...slhDsa }) as never)
    for (const { name, publicKeyOctets, privateKeyOctets, signatureOctets } of Object.values(
      wholeMessageKeys,
    )) {
      if (name === 'Ed25519' || name === 'Ed448') continue
      const theirName = name
        .toLowerCase()
        .replace(/^ml-dsa-/, 'ml_dsa')
        .replaceAll('-', '_')
      expect({ name, ...theirs.get(theirName)?.lengths }).toMatchObject({
        name,
        publicKey: publicKeyOctets,
        secretKey: privateKeyOctets,
        signature: signatureOctets,
      })
    }
  })

  it('signs with what it made, in the length of the table', async () => {
    for (const name of ['Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const) {
      const { spkiDer, pkcs8Der } = await generatePortably(name, randomOctets)
      const key = await importPortably(name, parsePrivateKey(pkcs8Der))
      pkcs8Der.fill(0) // nothing of it is kept
      const signature = await key.sign(name, message)
      expect(signature.length).toBe(wholeMessageKeys[name].signatureOctets)
      const signed = { algorithm: signatureAlgorithms[name], publicKey: parsePublicKey(spkiDer), message }
      expect(await verifyPortably(name, { ...signed, signature })).toBe(true)
    }
  })
})
