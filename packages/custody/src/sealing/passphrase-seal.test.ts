import { createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { defaultScryptCost, openWithPassphrase, sealWithPassphrase } from './passphrase-seal.js'

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
const pkcs8Der = new TextEncoder().encode('stands for a PrivateKeyInfo')
const lock = { keyId: 'key1', passphrase: 'correct horse' }
const seal = (cost = { N: 4, r: 2, p: 1 }) => sealWithPassphrase({ ...lock, pkcs8Der, cost }, random)

describe('a key under a passphrase', () => {
  it('opens again', async () => {
    expect(await openWithPassphrase(await seal(), lock)).toEqual(pkcs8Der)
  })

  it('is scrypt and AES-256-GCM in the layout of the comment, as another implementation opens it', async () => {
    const sealed = Buffer.from(await seal(defaultScryptCost))
    expect(sealed.subarray(0, 8).toString('latin1')).toBe('CWSK\x01\x11\x08\x01')
    const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }
    const key = scryptSync('correct horse', sealed.subarray(8, 24), 32, cost)
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(24, 36))
    decipher.setAAD(Buffer.concat([sealed.subarray(0, 36), Buffer.from('key1')]))
    decipher.setAuthTag(sealed.subarray(-16))
    const opened = Buffer.concat([decipher.update(sealed.subarray(36, -16)), decipher.final()])
    expect(new Uint8Array(opened)).toEqual(pkcs8Der)
  })

  it('never looks the same twice, and shows nothing of what it holds', async () => {
    const [a, b] = [await seal(), await seal()]
    expect(a.subarray(8)).not.toEqual(b.subarray(8))
    expect(Buffer.from(a).includes('PrivateKeyInfo')).toBe(false)
  })

  it('does not open under another key id', async () => {
    const run = openWithPassphrase(await seal(), { ...lock, keyId: 'key2' })
    await expect(run).rejects.toMatchObject({ code: 'wrong_passphrase', context: { keyId: 'key2' } })
  })

  it('does not open with any octet changed, cut off or added', async () => {
    const sealed = await seal()
    const altered: [string, Uint8Array][] = [['one octet more', Uint8Array.of(...sealed, 0)]]
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice()
      changed[i] = (changed[i] as number) ^ 1
      altered.push([`octet ${i} changed`, changed], [`cut off at ${i}`, sealed.slice(0, i)])
    }
    for (const [what, bytes] of altered) {
      const outcome = await openWithPassphrase(bytes, lock).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      )
      expect(`${what}: ${outcome}`).toMatch(/: (wrong_passphrase|invalid_structure)$/)
    }
  })

  it.each([
    ['no sealed key', 0, 0x30, 0],
    ['a later version', 4, 2, 4],
    ['a cost beyond the bounds', 5, 30, 5],
    ['a cost of zero', 6, 0, 5],
    ['too many rounds', 7, 17, 5],
  ])('that is %s is refused before any work', async (_, position, octet, offset) => {
    const sealed = await seal()
    sealed[position] = octet
    const refusal = { code: 'invalid_structure', context: { structure: 'SealedKey', offset } }
    await expect(openWithPassphrase(sealed, lock)).rejects.toMatchObject(refusal)
  })
})
