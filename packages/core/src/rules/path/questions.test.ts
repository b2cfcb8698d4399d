import { describe, expect, it } from 'vitest'
import { PkiError } from '../../errors/pki-error.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { platformCrypto } from '../../crypto/platform.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import { answerAll, type Answers, type Asking, askSignature } from './questions.js'
import { caOf } from './test-certificates.js'

const { certificate } = caOf('CA')
const publicKey = parsePublicKey(certificate.spkiDer)
const another = parsePublicKey(caOf('Other').certificate.spkiDer)

/** Two signatures, the second one by another key. */
function* bothSignatures(): Asking<readonly boolean[]> {
  return [yield* askSignature(certificate, publicKey), yield* askSignature(certificate, another)]
}

function* fetching(): Asking<unknown> {
  return [yield { ask: 'fetch', request: 'one' }, yield { ask: 'fetch', request: 'two' }]
}

// oxlint-disable-next-line eslint/require-yield -- it has nothing to ask
function* silent(): Asking<number> {
  return 1
}

const provider = (verify: CryptoProvider['verify']): CryptoProvider => ({ ...platformCrypto, verify })
const run = <T>(decision: Asking<T>, answers: Partial<Answers> = {}) =>
  answerAll(decision, { crypto: platformCrypto, ...answers })

describe('a decision', () => {
  it('is made at once where every answer is there at once', () => {
    expect(run(bothSignatures(), { crypto: provider(() => true) })).toEqual([true, true])
    expect(run(fetching(), { fetch: (request: string) => `${request}!` })).toEqual(['one!', 'two!'])
  })

  it('is a promise from the first answer that is one', async () => {
    const later = run(fetching(), { fetch: async (request: string) => `${request}!` })
    expect(later).toBeInstanceOf(Promise)
    await expect(later).resolves.toEqual(['one!', 'two!'])
    const mixed = run(fetching(), {
      fetch: (request: string) => (request === 'one' ? 1 : Promise.resolve(2)),
    })
    await expect(mixed).resolves.toEqual([1, 2])
  })

  it('that nobody fetches for gets nothing', () => {
    expect(run(fetching())).toEqual([undefined, undefined])
  })

  it('that asks nothing is made', () => {
    expect(run(silent())).toBe(1)
  })
})

describe('a signature', () => {
  it('verifies by the key that made it', async () => {
    await expect(Promise.resolve(run(bothSignatures()))).resolves.toEqual([true, false])
  })

  it('of an unknown algorithm does not verify, and nobody is asked', () => {
    const crypto = provider(() => {
      throw new Error('nobody asks')
    })
    const unknown = { ...certificate, signatureAlgorithmDer: Uint8Array.of(0x30, 4, 6, 2, 0x2a, 3) }
    expect(run(askSignature(unknown, publicKey), { crypto })).toBe(false)
  })

  it('with SHA-1 counts for those who ask for it', () => {
    // sha1WithRSAEncryption (RFC 8017 §A.2.4).
    const oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5]
    const signatureAlgorithmDer = Uint8Array.of(0x30, oid.length + 2, ...oid, 5, 0)
    const signed = { ...certificate, signatureAlgorithmDer, signature: new Uint8Array(256) }
    const rsa = { ...publicKey, family: 'RSA', bits: 2048 } as never
    const crypto = provider(() => true)
    expect(run(askSignature(signed, rsa), { crypto })).toBe(false)
    expect(run(askSignature(signed, rsa), { crypto, allowSha1: true })).toBe(true)
  })

  const refusal = new PkiError('invalid_key', 'no', {})
  it.each([
    [
      'at once',
      () => {
        throw refusal
      },
    ],
    ['later', () => Promise.reject(refusal)],
  ] as const)('by a key that is refused %s does not verify', async (_, verify) => {
    await expect(
      Promise.resolve(run(askSignature(certificate, publicKey), { crypto: provider(verify) })),
    ).resolves.toBe(false)
  })

  it.each([
    [
      'at once',
      () => {
        throw new TypeError('ours')
      },
    ],
    ['later', () => Promise.reject(new TypeError('ours'))],
  ] as const)('a fault of ours, %s, is told', async (_, verify) => {
    const crypto = provider(verify)
    const verdict = async () => run(askSignature(certificate, publicKey), { crypto })
    await expect(verdict()).rejects.toThrow('ours')
  })
})
