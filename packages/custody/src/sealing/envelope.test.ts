import { createDecipheriv, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importDataKey, openEnvelope, sealEnvelope } from './envelope.js'

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
const octets = new Uint8Array(32).fill(9)
const key = importDataKey(octets.slice(), 'key1')
const plain = new TextEncoder().encode('stands for a PrivateKeyInfo')
const seal = async () => sealEnvelope('privateKey', await key, { keyId: 'key1', plain }, random)
const open = async (sealed: Uint8Array, keyId = 'key1') =>
  openEnvelope('privateKey', await key, { keyId, sealed })

describe('an envelope', () => {
  it('opens again', async () => {
    expect(await open(await seal())).toEqual(plain)
  })

  it('is AES-256-GCM in the layout of the comment, as another implementation opens it', async () => {
    const sealed = Buffer.from(await seal())
    expect(sealed.subarray(0, 5).toString('latin1')).toBe('CWSK\x02')
    const decipher = createDecipheriv('aes-256-gcm', octets, sealed.subarray(5, 17))
    decipher.setAAD(Buffer.concat([sealed.subarray(0, 17), Buffer.from('key1')]))
    decipher.setAuthTag(sealed.subarray(-16))
    const opened = Buffer.concat([decipher.update(sealed.subarray(17, -16)), decipher.final()])
    expect(new Uint8Array(opened)).toEqual(plain)
  })

  it('does not open under another key id, nor with any octet changed, cut off or added', async () => {
    const sealed = await seal()
    const refusal = { code: 'custody_unavailable', context: { retryable: false } }
    await expect(open(sealed, 'key2')).rejects.toMatchObject(refusal)
    await expect(open(Uint8Array.of(...sealed, 0))).rejects.toMatchObject(refusal)
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice()
      changed[i] = (changed[i] as number) ^ 1
      await expect(open(changed)).rejects.toMatchObject(refusal)
      await expect(open(sealed.slice(0, i))).rejects.toMatchObject(refusal)
    }
  })

  it('of one form is none of the other', async () => {
    const wrapped = await sealEnvelope('dataKey', await key, { keyId: 'key1', plain }, random)
    await expect(open(wrapped)).rejects.toThrow('its SealedKey cannot be read (it is of another form)')
  })

  it('holds no data key of another length', async () => {
    await expect(importDataKey(new Uint8Array(16), 'key1')).rejects.toMatchObject({
      code: 'custody_unavailable',
      context: { retryable: false },
    })
  })
})
