import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decryptTripleDes } from './triple-des.js'

/** Octets that look like nothing, the same each time. */
const octets = (length: number, seed: number): Uint8Array =>
  Uint8Array.from(
    { length },
    (_, i) => (seed * 2654435761 + i * 40503 * (seed + 7) + (i * i * seed) / 3) >>> 3,
  )

describe('decryptTripleDes', () => {
  it('undoes what OpenSSL encrypts, for contents of every length up to five blocks', () => {
    for (let length = 0; length <= 40; length++) {
      const [key, iv, content] = [
        octets(24, length + 1),
        octets(8, length + 2),
        octets(length, length + 3),
      ] as const
      const cipher = createCipheriv('des-ede3-cbc', key, iv)
      const ciphertext = Uint8Array.from([...cipher.update(content), ...cipher.final()])
      expect(decryptTripleDes(key, iv, ciphertext)).toEqual(content)
    }
  })

  it('gives nothing where the padding is none (RFC 8018 §6.1.1)', () => {
    const [key, iv] = [octets(24, 1), octets(8, 2)]
    for (const last of [0, 9, 255]) {
      const cipher = createCipheriv('des-ede3-cbc', key, iv).setAutoPadding(false)
      const ciphertext = Uint8Array.from(cipher.update(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, last)))
      expect(decryptTripleDes(key, iv, ciphertext)).toBeUndefined()
    }
  })
})
