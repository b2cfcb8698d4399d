import { inspect } from 'node:util'
import { platformCrypto, type SealedKey, type SealedKeyStore } from '@certwright/core'
import { type KeyEncryptionKey, keyEncryptionKey, rewrapKeys, sealedCustody } from '@certwright/custody'
import { memoryKeyStore } from '@certwright/memory'
import { describe, expect, it } from 'vitest'

const kek = (octet: number) => keyEncryptionKey(new Uint8Array(32).fill(octet))
const [first, second, third] = [kek(1), kek(2), kek(3)]
const scrypt = { N: 2, r: 1, p: 1 }
const message = new TextEncoder().encode('tbsCertificate')

const signWith = async (keys: SealedKeyStore, key: KeyEncryptionKey, keyId: string) =>
  sealedCustody({ keys, keyEncryptionKey: key }).sign({ keyId, algorithm: 'Ed25519', message })

async function storeWith(count: number, options: { readonly key?: KeyEncryptionKey } = {}) {
  const keys = memoryKeyStore()
  const custody = sealedCustody({ keys, keyEncryptionKey: options.key ?? first, scrypt })
  const keyIds: string[] = []
  for (let i = 0; i < count; i++) keyIds.push((await custody.generateKey({ keyAlgorithm: 'Ed25519' })).keyId)
  return { keys, custody, keyIds, keyId: keyIds[0]! }
}

async function contentOf(keys: SealedKeyStore): Promise<SealedKey[]> {
  const content: SealedKey[] = []
  for await (const key of keys.listKeys()) content.push(key)
  return content
}

/** As a callback to somewhere else, which is away now and then. */
const kms = (state: { isAway: boolean }): KeyEncryptionKey => {
  const ask = async <T>(use: () => Promise<T>): Promise<T> => {
    if (state.isAway) throw new Error('connect ETIMEDOUT')
    return use()
  }
  return {
    id: 'arn:example:key/1',
    wrap: (dataKey, keyId) => ask(() => first.wrap(dataKey, keyId)),
    unwrap: (wrapped, keyId) => ask(() => first.unwrap(wrapped, keyId)),
  }
}

describe('a key in an envelope', () => {
  it('signs in another process that has the key-encryption key', async () => {
    const { keys, keyId, custody } = await storeWith(1)
    const request = { keyId, algorithm: 'Ed25519', message } as const
    expect(await signWith(keys, first, keyId)).toEqual(await custody.sign(request))
  })

  it('shows the store nothing of itself, and is in no store twice the same', async () => {
    const keys = memoryKeyStore()
    const custody = sealedCustody({ keys, keyEncryptionKey: first })
    const { pkcs8Der } = await platformCrypto.generateKeyPair('Ed25519')
    await custody.importKey({ pkcs8Der })
    await custody.importKey({ pkcs8Der })
    const [one, other] = await contentOf(keys)
    expect(one?.sealed).not.toEqual(other?.sealed)
    const seed = Buffer.from(pkcs8Der.subarray(16))
    expect(Buffer.from(one!.sealed).includes(seed)).toBe(false)
    expect(inspect(one, { maxArrayLength: null })).not.toContain(seed.toString('hex'))
  })

  it.each([
    ['another', [second], second.id],
    ['none', [], 'none was given'],
  ])('does not open with %s, and says which one it needs', async (_, given, said) => {
    const { keys, keyId } = await storeWith(1)
    const custody = sealedCustody({ keys, olderKeyEncryptionKeys: given })
    const error: unknown = await custody
      .sign({ keyId, algorithm: 'Ed25519', message })
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'custody_unavailable', context: { retryable: false } })
    expect(String(error)).toContain(`under key-encryption key ${first.id}`)
    expect(String(error)).toContain(said)
    expect(await contentOf(keys)).toHaveLength(1)
  })

  it('is not made where nothing could seal it', async () => {
    const keys = memoryKeyStore()
    const custody = sealedCustody({ keys, scrypt })
    await expect(custody.generateKey({ keyAlgorithm: 'Ed25519' })).rejects.toMatchObject({
      code: 'custody_unavailable',
      context: { retryable: false },
    })
    await custody.generateKey({ keyAlgorithm: 'Ed25519', passphrase: 'correct horse' })
    expect(await contentOf(keys)).toHaveLength(1)
  })

  it('makes its first signature with what the store gives back', async () => {
    const keys = memoryKeyStore()
    const forgetful: SealedKeyStore = { ...keys, findKey: async () => undefined }
    const custody = sealedCustody({ keys: forgetful, keyEncryptionKey: first })
    const { keyId } = await custody.generateKey({ keyAlgorithm: 'Ed25519' })
    await expect(custody.sign({ keyId, algorithm: 'Ed25519', message })).rejects.toMatchObject({
      code: 'custody_key_not_found',
    })
  })

  it.each<[string, (key: SealedKey, other: SealedKey) => SealedKey]>([
    ['the private key of another', (key, other) => ({ ...key, sealed: other.sealed })],
    ['the public key of another', (key, other) => ({ ...key, spkiDer: other.spkiDer })],
    [
      'the data key of another',
      (key, { wrappedDataKey }) => ({ ...key, ...(wrappedDataKey && { wrappedDataKey }) }),
    ],
  ])('does not open beside %s', async (_, swap) => {
    const { keys } = await storeWith(2)
    const [one, other] = await contentOf(keys)
    const tampered: SealedKeyStore = {
      ...keys,
      findKey: async () => ({ ...swap(one!, other!), keyId: one!.keyId }),
    }
    await expect(signWith(tampered, first, one!.keyId)).rejects.toMatchObject({
      code: 'custody_unavailable',
      context: { retryable: false },
    })
  })
})

describe('a key-encryption key in a KMS', () => {
  it('is asked once for each key of a process, and may be away', async () => {
    const state = { isAway: false }
    const { keys, keyId } = await storeWith(1, { key: kms(state) })
    const custody = sealedCustody({ keys, keyEncryptionKey: kms(state) })
    const request = { keyId, algorithm: 'Ed25519', message } as const
    state.isAway = true
    const unavailable = { code: 'custody_unavailable', context: { retryable: true } }
    await expect(custody.sign(request)).rejects.toMatchObject(unavailable)
    await expect(custody.generateKey({ keyAlgorithm: 'Ed25519' })).rejects.toMatchObject(unavailable)
    state.isAway = false
    await custody.sign(request)
    state.isAway = true
    expect(await custody.sign(request)).toHaveLength(64)
  })
})

describe('rewrapKeys', () => {
  it('puts every key under the other key-encryption key, and touches no sealed key', async () => {
    const { keys, custody, keyIds, keyId } = await storeWith(3)
    await custody.generateKey({ keyAlgorithm: 'Ed25519', passphrase: 'correct horse' })
    const before = await contentOf(keys)
    expect(await rewrapKeys(keys, first, second)).toEqual({
      rewrapped: 3,
      alreadyDone: 0,
      underPassphrase: 1,
    })
    const after = await contentOf(keys)
    expect(after.map(({ sealed }) => sealed)).toEqual(before.map(({ sealed }) => sealed))
    for (const id of keyIds) expect(await signWith(keys, second, id)).toHaveLength(64)
    await expect(signWith(keys, first, keyId)).rejects.toMatchObject({ code: 'custody_unavailable' })
  })

  it('goes on where a run was cut short, while processes with both keys sign', async () => {
    const { keys, keyIds } = await storeWith(3)
    let calls = 0
    const dying: SealedKeyStore = {
      ...keys,
      async rewrapKey(...args) {
        calls += 1
        if (calls === 2) throw new Error('killed')
        return keys.rewrapKey(...args)
      },
    }
    await expect(rewrapKeys(dying, first, second)).rejects.toThrow('killed')
    const both = sealedCustody({ keys, keyEncryptionKey: second, olderKeyEncryptionKeys: [first] })
    for (const keyId of keyIds) await both.sign({ keyId, algorithm: 'Ed25519', message })
    expect(await rewrapKeys(keys, first, second)).toMatchObject({ rewrapped: 2, alreadyDone: 1 })
  })

  it('leaves what another run has done meanwhile', async () => {
    const { keys, keyId } = await storeWith(1)
    const racing: SealedKeyStore = {
      ...keys,
      async rewrapKey(...args) {
        await rewrapKeys(keys, first, second)
        return keys.rewrapKey(...args)
      },
    }
    expect(await rewrapKeys(racing, first, second)).toMatchObject({ rewrapped: 0, alreadyDone: 1 })
    expect(await signWith(keys, second, keyId)).toHaveLength(64)
  })

  it('refuses a key that is under neither, and a key-encryption key that loses what it wraps', async () => {
    const { keys, keyId } = await storeWith(1)
    await expect(rewrapKeys(keys, third, second)).rejects.toThrow(
      `it is under key-encryption key ${first.id}, and not under ${third.id}`,
    )
    const lossy: KeyEncryptionKey = { ...second, unwrap: async () => new Uint8Array(32) }
    await expect(rewrapKeys(keys, first, lossy)).rejects.toThrow('does not give back what it has wrapped')
    expect(await signWith(keys, first, keyId)).toHaveLength(64)
  })
})
