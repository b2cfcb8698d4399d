import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { inspect } from 'node:util'
import {
  type CryptoProvider,
  type KeyAlgorithm,
  type KeyCustody,
  platformCrypto,
  type SignatureAlgorithm,
} from '@certwright/core'
import { afterEach, describe, expect, it } from 'vitest'
import { custodies, type CustodyOptions } from './custodies.js'

/*
 * What every custody of this workspace keeps, whatever it keeps the keys in.
 */

/** A guess costs next to nothing: what a guess should cost is no concern of these tests. */
const cheap = { scrypt: { N: 2, r: 1, p: 1 } }
const message = new TextEncoder().encode('tbsCertificate')
const passphrase = 'correct horse battery staple'

function isSignedBy(spkiDer: Uint8Array, algorithm: SignatureAlgorithm, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
  const digest = algorithm === 'Ed25519' ? null : `sha${algorithm.slice(-3)}`
  return verify(digest, message, key, signature)
}

const someKey = () =>
  new Uint8Array(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }))

const sealed = async (open: Open) => {
  const custody = await open(cheap)
  const key = await custody.generateKey({ keyAlgorithm: 'ECDSA-P256', passphrase })
  return { custody, ...key, request: { keyId: key.keyId, algorithm: 'ECDSA-SHA256', message } as const }
}

/** Keeps every buffer with a private key that passes through the provider. */
function spying(): { crypto: CryptoProvider; seen: Uint8Array[] } {
  const seen: Uint8Array[] = []
  const crypto: CryptoProvider = {
    digest: (algorithm, message) => platformCrypto.digest(algorithm, message),
    verify: (...args) => platformCrypto.verify(...args),
    generateKeyPair: (algorithm) => platformCrypto.generateKeyPair(algorithm),
    importSigningKey: (pkcs8Der) => {
      seen.push(pkcs8Der)
      return platformCrypto.importSigningKey(pkcs8Der)
    },
  }
  return { crypto, seen }
}

type Open = (options?: CustodyOptions) => Promise<KeyCustody>

describe.each(custodies)('$name', ({ open: openWith }) => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  const open: Open = async (options = {}) => {
    const { custody, close } = await openWith(options)
    closing.push(close)
    return custody
  }

  describe('a key', () => {
    const rows: [KeyAlgorithm, SignatureAlgorithm][] = [
      ['RSA-2048', 'RSA-PKCS1-SHA256'],
      ['ECDSA-P256', 'ECDSA-SHA256'],
      ['ECDSA-P384', 'ECDSA-SHA384'],
      ['ECDSA-P521', 'ECDSA-SHA512'],
      ['Ed25519', 'Ed25519'],
    ]
    it.each(rows)(
      '%s is generated in custody and signs, as OpenSSL verifies',
      async (keyAlgorithm, algorithm) => {
        const custody = await open()
        const key = await custody.generateKey({ keyAlgorithm })
        expect(key.keyAlgorithm).toBe(keyAlgorithm)
        expect(key.keyId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        const signature = await custody.sign({ keyId: key.keyId, algorithm, message })
        expect(isSignedBy(key.spkiDer, algorithm, signature)).toBe(true)
      },
    )

    it('is imported as a copy, with the public key that belongs to it', async () => {
      const custody = await open(cheap)
      const pkcs8Der = someKey()
      const before = pkcs8Der.slice()
      const spkiDer = createPublicKey(
        createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' }),
      ).export({ format: 'der', type: 'spki' })
      for (const request of [{ pkcs8Der }, { pkcs8Der, passphrase }]) {
        const key = await custody.importKey(request)
        expect(key.keyAlgorithm).toBe('Ed25519')
        expect(Buffer.from(key.spkiDer).equals(spkiDer)).toBe(true)
        expect(pkcs8Der).toEqual(before)
        const signature = await custody.sign({ ...request, keyId: key.keyId, algorithm: 'Ed25519', message })
        expect(isSignedBy(spkiDer, 'Ed25519', signature)).toBe(true)
      }
    })

    it('that is none is refused, and one that does not exist is not found', async () => {
      const custody = await open(cheap)
      await expect(custody.importKey({ pkcs8Der: Uint8Array.of(0x30, 0) })).rejects.toMatchObject({
        code: 'invalid_der',
      })
      const unknown = { keyId: 'unknown' }
      const notFound = { code: 'custody_key_not_found', context: unknown }
      await expect(custody.sign({ ...unknown, algorithm: 'Ed25519', message })).rejects.toMatchObject(
        notFound,
      )
      await expect(custody.checkPassphrase(unknown)).rejects.toMatchObject(notFound)
    })

    it('does not sign with the algorithm of another', async () => {
      const custody = await open()
      const { keyId } = await custody.generateKey({ keyAlgorithm: 'Ed25519' })
      const run = custody.sign({ keyId, algorithm: 'ECDSA-SHA256', message })
      await expect(run).rejects.toMatchObject({ code: 'unsupported_algorithm' })
    })

    it('is gone when destroyed, and destroying an unknown one is no error', async () => {
      const custody = await open()
      const { keyId } = await custody.generateKey({ keyAlgorithm: 'Ed25519' })
      await custody.destroyKey(keyId)
      await custody.destroyKey(keyId)
      const run = custody.sign({ keyId, algorithm: 'Ed25519', message })
      await expect(run).rejects.toMatchObject({ code: 'custody_key_not_found' })
    })
  })

  describe('a key with a passphrase', () => {
    it('signs for who gives it', async () => {
      const { custody, request, spkiDer } = await sealed(open)
      const signature = await custody.sign({ ...request, passphrase })
      expect(isSignedBy(spkiDer, 'ECDSA-SHA256', signature)).toBe(true)
      await custody.checkPassphrase({ keyId: request.keyId, passphrase })
    })

    it('refuses who gives none or another, and says which', async () => {
      const { custody, keyId, request } = await sealed(open)
      const required = { code: 'passphrase_required', context: { keyId } }
      await expect(custody.sign(request)).rejects.toMatchObject(required)
      await expect(custody.checkPassphrase({ keyId })).rejects.toMatchObject(required)
      for (const guess of ['', `${passphrase} `, passphrase.toUpperCase(), 'x'.repeat(1025)]) {
        const wrong = { code: 'wrong_passphrase', context: { keyId } }
        await expect(custody.sign({ ...request, passphrase: guess })).rejects.toMatchObject(wrong)
        await expect(custody.checkPassphrase({ keyId, passphrase: guess })).rejects.toMatchObject(wrong)
      }
    })

    it('is opened by the same passphrase from another keyboard (NFKC)', async () => {
      const custody = await open(cheap)
      const { keyId } = await custody.generateKey({ keyAlgorithm: 'Ed25519', passphrase: 'Caf\u00e9 \u2460' })
      await expect(custody.checkPassphrase({ keyId, passphrase: 'Cafe\u0301 1' })).resolves.toBeUndefined()
    })

    it.each(['', 'x'.repeat(1025)])('cannot be made with an empty or endless one', async (passphrase) => {
      const custody = await open(cheap)
      await expect(custody.generateKey({ keyAlgorithm: 'Ed25519', passphrase })).rejects.toThrow(RangeError)
      await expect(custody.importKey({ pkcs8Der: someKey(), passphrase })).rejects.toThrow(RangeError)
    })

    it('answers 64 guesses at once, and sends the next away', async () => {
      const { custody, keyId } = await sealed(open)
      const guesses = Array.from({ length: 65 }, (_, i) =>
        custody.checkPassphrase({ keyId, passphrase: `guess ${i}` }),
      )
      const codes = await Promise.all(
        guesses.map((guess) => guess.catch((error: { code: string }) => error.code)),
      )
      expect(codes).toEqual([...Array.from({ length: 64 }, () => 'wrong_passphrase'), 'custody_unavailable'])
      await custody.checkPassphrase({ keyId, passphrase })
    })
  })

  describe('no private key leaves', () => {
    it('by inspection, serialisation or enumeration', async () => {
      const custody = await open(cheap)
      const keys = [
        await custody.generateKey({ keyAlgorithm: 'Ed25519' }),
        await custody.generateKey({ keyAlgorithm: 'Ed25519', passphrase }),
      ]
      const shown = inspect(custody, { depth: Infinity, showHidden: true, getters: true })
      expect(shown).toBe('SealedCustody {}')
      expect(JSON.stringify(custody)).toBe('{}')
      expect(Reflect.ownKeys(custody)).toEqual([])
      for (const key of keys) expect(Object.keys(key).sort()).toEqual(['keyAlgorithm', 'keyId', 'spkiDer'])
    })

    it('in an error', async () => {
      const custody = await open(cheap)
      const { keyId } = await custody.generateKey({ keyAlgorithm: 'Ed25519', passphrase })
      const guess = 'hunter2'
      const error = await custody
        .checkPassphrase({ keyId, passphrase: guess })
        .catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'wrong_passphrase' })
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(guess)
    })

    it('in a buffer that was left behind: all are zero once the call is over', async () => {
      const { crypto, seen } = spying()
      const custody = await open({ ...cheap, crypto })
      const { keyId } = await custody.importKey({ pkcs8Der: someKey(), passphrase })
      await custody.sign({ keyId, algorithm: 'Ed25519', message, passphrase })
      const wrong = custody.sign({ keyId, algorithm: 'ECDSA-SHA256', message, passphrase })
      await expect(wrong).rejects.toMatchObject({ code: 'unsupported_algorithm' })
      await custody.generateKey({ keyAlgorithm: 'Ed25519' })
      expect(seen).toHaveLength(4)
      for (const buffer of seen) expect(buffer.every((octet) => octet === 0)).toBe(true)
    })
  })

  it.each([
    { N: 3, r: 8, p: 1 },
    { N: 1, r: 8, p: 1 },
    { N: 2 ** 20, r: 8, p: 1 },
    { N: 2, r: 0, p: 1 },
    { N: 2, r: 1, p: 17 },
    { N: Number.NaN, r: 8, p: 1 },
  ])('refuses the scrypt cost $N, $r, $p', async (scrypt) => {
    await expect(async () => open({ scrypt })).rejects.toThrow(RangeError)
  })
})
