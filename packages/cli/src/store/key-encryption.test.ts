import { mkdtempSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SealedKeyStore } from '@certwright/core'
import { sealedCustody } from '@certwright/custody'
import { memoryKeyStore } from '@certwright/memory'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyEncryption, keyVariable } from './key-encryption.js'
import type { StorePlace } from './place.js'

let parent: string
let place: StorePlace & { readonly kind: 'folder' }
let keys: SealedKeyStore
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'certwright-'))
  place = { kind: 'folder', path: join(parent, 'data') }
  keys = memoryKeyStore()
})
afterEach(() => {
  delete process.env[keyVariable]
  rmSync(parent, { recursive: true })
})

async function useStore(): Promise<string> {
  const { key } = await keyEncryption(place, keys, undefined)
  await sealedCustody({ keys, keyEncryptionKey: key }).generateKey({ keyAlgorithm: 'Ed25519' })
  return key.id
}

describe('the key-encryption key', () => {
  it('is made once, in a file beside the folder for its owner alone', async () => {
    const made = await keyEncryption(place, keys, undefined)
    expect(made).toMatchObject({ source: `${place.path}.key`, isNew: true })
    expect(statSync(made.source).mode & 0o777).toBe(0o600)
    const again = await keyEncryption(place, keys, undefined)
    expect(again).toMatchObject({ key: { id: made.key.id }, isNew: false })
    expect(readdirSync(parent)).toEqual(['data.key'])
  })

  it('is one, of two that begin together', async () => {
    const both = await Promise.all([
      keyEncryption(place, keys, undefined),
      keyEncryption(place, keys, undefined),
    ])
    expect(new Set(both.map(({ key }) => key.id)).size).toBe(1)
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1)
  })

  it('that is lost is asked for by name, and no other is made', async () => {
    const id = await useStore()
    unlinkSync(`${place.path}.key`)
    await expect(keyEncryption(place, keys, undefined)).rejects.toThrow(
      `they are sealed under key-encryption key ${id}, and there is no ${place.path}.key; put that file back from your backup`,
    )
    expect(readdirSync(parent)).toEqual([])
  })

  it('that is another is refused, wherever it comes from', async () => {
    const id = await useStore()
    const other = join(parent, 'other')
    writeFileSync(other, Buffer.alloc(32, 9).toString('hex'))
    const refusal = `they are sealed under key-encryption key ${id}, and`
    await expect(keyEncryption(place, keys, other)).rejects.toThrow(`${refusal} ${other} holds`)
    process.env[keyVariable] = Buffer.alloc(32, 9).toString('base64')
    await expect(keyEncryption(place, keys, undefined)).rejects.toThrow(`${refusal} ${keyVariable} holds`)
  })

  it('is not guessed where what was given is none', async () => {
    process.env[keyVariable] = ''
    await expect(keyEncryption(place, keys, undefined)).rejects.toThrow('it is not set')
    await expect(keyEncryption(place, keys, join(parent, 'nothing'))).rejects.toThrow(
      'cannot be read (ENOENT)',
    )
    expect(readdirSync(parent)).toEqual([])
  })
})
