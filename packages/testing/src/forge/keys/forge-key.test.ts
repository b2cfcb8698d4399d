import { createHash, createPublicKey, verify } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { parsePublicKey, privateKeyFrom } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { curves, signDeterministically } from './ecdsa.js'
import { type ForgeKey, forgeKey, type ForgeKeyAlgorithm, randomKey } from './forge-key.js'
import { bigintOf } from './seeded-octets.js'

const message = Buffer.from('what is signed')

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

function isVerifiedByThePlatform({ spkiDer }: ForgeKey, signature: Uint8Array, hash: string | null): boolean {
  const key = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
  return verify(hash, message, key, signature)
}

describe('a key of a seed', () => {
  it.each<[ForgeKeyAlgorithm, string | null, string]>([
    ['ECDSA-P256', 'sha256', '3fe002dbf6cd122d'],
    ['ECDSA-P384', 'sha384', 'dc428f873ac099d2'],
    ['ECDSA-P521', 'sha512', 'ce204ae4b0270c7f'],
    ['Ed25519', null, 'eea8a7e469ca4375'],
    ['RSA-1024', 'sha256', '479305b8fd7342bb'],
    ['RSA-2048', 'sha256', '84fc9f4fda6746a2'],
  ])('%s is that of every machine, and signs the same each time', (algorithm, hash, digest) => {
    const key = forgeKey('golden', algorithm)
    const signature = key.sign(message)

    expect(hex(key.sign(message))).toBe(hex(signature))
    expect(isVerifiedByThePlatform(key, signature, hash)).toBe(true)
    expect(createHash('sha256').update(key.pkcs8Der).update(signature).digest('hex').slice(0, 16)).toBe(
      digest,
    )
  })

  it('is another for another seed or algorithm', () => {
    const keys = [forgeKey('a'), forgeKey('b'), forgeKey('a', 'Ed25519'), randomKey(), randomKey()]
    expect(new Set(keys.map(({ spkiDer }) => hex(spkiDer))).size).toBe(keys.length)
  })

  it('is read back by the core', () => {
    for (const key of [forgeKey('golden'), forgeKey('golden', 'Ed25519'), forgeKey('golden', 'RSA-2048')]) {
      expect(privateKeyFrom(key.privateKeyPem)).toEqual(key.pkcs8Der)
      expect(parsePublicKey(key.spkiDer).keyAlgorithm).toBe(key.algorithm)
    }
  })

  it('refuses an algorithm for another kind of key', () => {
    expect(() => forgeKey('a').sign(message, 'Ed25519')).toThrow(RangeError)
    expect(() => forgeKey('a', 'Ed25519').sign(message, 'ECDSA-SHA256')).toThrow(RangeError)
    expect(() => forgeKey('a', 'RSA-1024').sign(message, 'ECDSA-SHA256')).toThrow(RangeError)
  })
})

/* @noble/curves computes everything in JavaScript, by another road. */
describe('@noble/curves agrees on', () => {
  const rows = [
    ['P-256', p256, 'sha256'],
    ['P-384', p384, 'sha384'],
    ['P-521', p521, 'sha512'],
  ] as const
  it.each(rows)('signatures by %s', (name, noble, hash) => {
    const { coordinateOctets, order } = curves[name]
    for (const seed of ['one', 'two', 'three']) {
      const digest = createHash('shake256', { outputLength: coordinateOctets }).update(seed).digest()
      const scalar = (bigintOf(digest) % (order - 1n)) + 1n
      const secret = Buffer.from(scalar.toString(16).padStart(2 * coordinateOctets, '0'), 'hex')
      const ours = signDeterministically(curves[name], scalar, message, hash)
      expect(hex(ours)).toBe(hex(noble.sign(message, secret, { lowS: false, format: 'der' })))
    }
  })

  it('Ed25519', () => {
    const key = forgeKey('golden', 'Ed25519')
    const secret = key.pkcs8Der.slice(-32)
    expect(hex(parsePublicKey(key.spkiDer).keyBits)).toBe(hex(ed25519.getPublicKey(secret)))
    expect(hex(key.sign(message))).toBe(hex(ed25519.sign(message, secret)))
  })
})

describe('RFC 6979 appendix A.2.5', () => {
  const scalar = 0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n
  it.each([
    [
      'sha1',
      '61340c88c3aaebeb4f6d667f672ca9759a6ccaa9fa8811313039ee4a35471d32',
      '6d7f147dac089441bb2e2fe8f7a3fa264b9c475098fdcf6e00d7c996e1b8b7eb',
    ],
    [
      'sha256',
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
      'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    ],
    [
      'sha512',
      '8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00',
      '2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe',
    ],
  ])('P-256 and %s: "sample"', (hash, r, s) => {
    const signature = hex(signDeterministically(curves['P-256'], scalar, Buffer.from('sample'), hash))
    expect(signature).toContain(r)
    expect(signature).toContain(s)
  })
})
