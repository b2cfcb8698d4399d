import type { KeyCustody } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { type CustodyFactory, custodyLaws } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { custodies } from '../custody/custodies.js'

/* The proof of the laws: every custody of ours keeps them, and each of those that are wrong in one way breaks one. */

const nothingToClose = async (): Promise<void> => undefined
const quick = { scrypt: { N: 2 ** 10, r: 8, p: 1 } }

async function broken(open: CustodyFactory['open']): Promise<string[]> {
  const names: string[] = []
  for (const law of custodyLaws({ open })) await law.run().catch(() => names.push(`${law.group} ${law.name}`))
  return names
}

const wrong = (change: (right: KeyCustody) => Partial<KeyCustody>) => (): KeyCustody => {
  const right = memoryCustody(quick)
  const methods: KeyCustody = {
    generateKey: (request) => right.generateKey(request),
    importKey: (request) => right.importKey(request),
    sign: (request) => right.sign(request),
    checkPassphrase: (request) => right.checkPassphrase(request),
    destroyKey: (keyId) => right.destroyKey(keyId),
  }
  return { ...methods, ...change(right) }
}

const brokenCustodies: readonly { bug: string; custody: () => KeyCustody; refusedBy: string }[] = [
  {
    bug: 'every signature is by the first key',
    custody: wrong((right) => {
      let first: string | undefined
      return {
        async generateKey(request) {
          const key = await right.generateKey(request)
          first ??= key.keyId
          return key
        },
        sign: (request) => right.sign({ ...request, keyId: first ?? request.keyId }),
      }
    }),
    refusedBy: 'a key that is made signs under its own id only',
  },
  {
    bug: 'all keys are one',
    custody: wrong((right) => {
      let only: ReturnType<KeyCustody['generateKey']> | undefined
      return { generateKey: (request) => (only ??= right.generateKey(request)) }
    }),
    refusedBy: 'a key that is made is another one each time',
  },
  {
    bug: 'a passphrase is forgotten',
    custody: wrong((right) => ({ generateKey: ({ keyAlgorithm }) => right.generateKey({ keyAlgorithm }) })),
    refusedBy: 'a key with a passphrase signs with it, and with no other',
  },
  {
    bug: 'a passphrase is checked nowhere',
    custody: wrong(() => ({ checkPassphrase: nothingToClose })),
    refusedBy: 'a key with a passphrase is checked without a signature',
  },
  {
    bug: 'a key is never destroyed',
    custody: wrong(() => ({ destroyKey: nothingToClose })),
    refusedBy: 'a key that is not there does not sign',
  },
  {
    bug: 'an imported key is replaced by a new one',
    custody: wrong((right) => ({
      importKey: ({ passphrase }) =>
        right.generateKey({ keyAlgorithm: 'ECDSA-P256', ...(passphrase && { passphrase }) }),
    })),
    refusedBy: 'a key that is imported is the one that was given',
  },
]

describe('the laws of the custody port', () => {
  it.each(custodies)(
    'are kept by $name',
    async ({ open }) => {
      expect(await broken(() => open(quick))).toEqual([])
    },
    60_000,
  )

  it.each(brokenCustodies)(
    'refuse a custody where $bug',
    async ({ custody, refusedBy }) => {
      const open = async () => ({ custody: custody(), close: nothingToClose })
      expect(await broken(open)).toContain(refusedBy)
    },
    60_000,
  )
})
