import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { keyEncryptionKey } from './key-encryption-key.js'
import { keyEncryptionKeyFromEnv, keyEncryptionKeyFromFile } from './node.js'

const octets = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7))
const { id } = keyEncryptionKey(octets)
const name = 'CERTWRIGHT_TEST_KEY_ENCRYPTION_KEY'

afterEach(() => {
  delete process.env[name]
})

async function fromFile(content: string) {
  const folder = await mkdtemp(join(tmpdir(), 'certwright-'))
  try {
    await writeFile(join(folder, 'key'), content)
    return await keyEncryptionKeyFromFile(join(folder, 'key'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('a key-encryption key', () => {
  it.each([
    ['hex', octets.toString('hex')],
    ['hex in capitals, and a line end', `${octets.toString('hex').toUpperCase()}\n`],
    ['base64', octets.toString('base64')],
    ['base64url', octets.toString('base64url')],
  ])('is read as %s, from a variable or a file', async (_, text) => {
    process.env[name] = text
    expect(keyEncryptionKeyFromEnv(name).id).toBe(id)
    expect((await fromFile(`# whoever has this has the keys\n\n${text}`)).id).toBe(id)
  })

  it.each([
    ['nothing', ''],
    ['a passphrase', 'correct horse battery staple'],
    ['too few octets', octets.toString('hex').slice(2)],
    ['too many octets', `${octets.toString('base64')}AAAA`],
    ['another alphabet', 'x'.repeat(64)],
  ])('is not made of %s, and the error does not show it', async (_, text) => {
    process.env[name] = text
    const refusal = { code: 'custody_unavailable', context: { retryable: false } }
    expect(() => keyEncryptionKeyFromEnv(name)).toThrow(expect.objectContaining(refusal))
    const error: unknown = await fromFile(text).catch((reason: unknown) => reason)
    expect(error).toMatchObject(refusal)
    if (text !== '') expect(String(error)).not.toContain(text)
  })

  it('is not read from a file of several lines, nor from one that is not there', async () => {
    await expect(fromFile('a\nb\n')).rejects.toThrow('it has 2 lines instead of one')
    await expect(keyEncryptionKeyFromFile('/nowhere/key')).rejects.toThrow(
      '/nowhere/key: it cannot be read (ENOENT)',
    )
  })

  it('has 32 octets', () => {
    expect(() => keyEncryptionKey(new Uint8Array(31))).toThrow(RangeError)
  })
})
