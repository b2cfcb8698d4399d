import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { hasCode, type CustodyKey, type KeyCustody, type PkiErrorCode } from '@certwright/core'
import { forgeKey } from '../forge/keys/forge-key.js'

/** How the laws get a custody, empty, for each law anew. */
export interface CustodyFactory {
  readonly open: () => Promise<OpenedCustody>
}

export interface OpenedCustody {
  readonly custody: KeyCustody
  /** Let go of it. Every law ends with it, also one that fails. */
  readonly close: () => Promise<void>
}

/** One promise of the custody port, as a sentence and as a check. */
export interface CustodyLaw {
  readonly group: string
  readonly name: string
  /** On a new custody of the factory. Rejects where the law does not hold. */
  run(): Promise<void>
}

const message = new TextEncoder().encode('what a CA signs')
const passphrase = 'correct horse battery staple'

const laws: Readonly<Record<string, Readonly<Record<string, (custody: KeyCustody) => Promise<void>>>>> = {
  'a key that is made': {
    async 'signs what its public key verifies'(custody) {
      for (const keyAlgorithm of ['ECDSA-P256', 'ECDSA-P384', 'RSA-2048'] as const) {
        const key = await custody.generateKey({ keyAlgorithm })
        assert.equal(key.keyAlgorithm, keyAlgorithm)
        await assertSigns(custody, key)
      }
    },
    async 'is another one each time'(custody) {
      const [one, other] = await Promise.all([newKey(custody), newKey(custody)])
      assert.notEqual(one.keyId, other.keyId)
      assert.notDeepEqual([...one.spkiDer], [...other.spkiDer])
    },
    async 'signs under its own id only'(custody) {
      const [one, other] = await Promise.all([newKey(custody), newKey(custody)])
      await Promise.all([assertSigns(custody, one), assertSigns(custody, other)])
      const signature = await custody.sign({ keyId: one.keyId, algorithm: 'ECDSA-SHA256', message })
      assert.equal(verifies(other, signature), false, 'the key of another id has signed')
    },
    async 'signs many messages at once'(custody) {
      const key = await newKey(custody)
      await Promise.all(Array.from({ length: 50 }, () => assertSigns(custody, key)))
    },
  },
  'a key that is imported': {
    async 'is the one that was given'(custody) {
      const { pkcs8Der, spkiDer } = forgeKey('custody law')
      const key = await custody.importKey({ pkcs8Der: Uint8Array.from(pkcs8Der) })
      assert.deepEqual([...key.spkiDer], [...spkiDer])
      assert.equal(key.keyAlgorithm, 'ECDSA-P256')
      await assertSigns(custody, key)
    },
    async 'does not lie in the memory of whoever gave it'(custody) {
      const given = Uint8Array.from(forgeKey('custody law').pkcs8Der)
      const key = await custody.importKey({ pkcs8Der: given })
      given.fill(0)
      await assertSigns(custody, key)
    },
    async 'is refused where it is none, and nothing of it is told'(custody) {
      const pkcs8Der = forgeKey('custody law').pkcs8Der.slice(0, -5)
      const error = await refusal(custody.importKey({ pkcs8Der }), 'invalid_der', 'invalid_key')
      const secret = Buffer.from(pkcs8Der.subarray(-20)).toString('hex')
      assert.ok(!JSON.stringify(error.context).includes(secret), 'octets of the key are in the error')
    },
  },
  'a key with a passphrase': {
    async 'signs with it, and with no other'(custody) {
      const key = await custody.generateKey({ keyAlgorithm: 'ECDSA-P256', passphrase })
      await assertSigns(custody, key, passphrase)
      const request = { keyId: key.keyId, algorithm: 'ECDSA-SHA256', message } as const
      await refusal(custody.sign(request), 'passphrase_required')
      await refusal(custody.sign({ ...request, passphrase: 'another' }), 'wrong_passphrase')
    },
    async 'is checked without a signature'(custody) {
      const { keyId } = await custody.generateKey({ keyAlgorithm: 'ECDSA-P256', passphrase })
      await custody.checkPassphrase({ keyId, passphrase })
      await refusal(custody.checkPassphrase({ keyId }), 'passphrase_required')
      await refusal(custody.checkPassphrase({ keyId, passphrase: 'another' }), 'wrong_passphrase')
    },
    async 'keeps it when it is imported'(custody) {
      const { pkcs8Der } = forgeKey('custody law')
      const key = await custody.importKey({ pkcs8Der: Uint8Array.from(pkcs8Der), passphrase })
      await assertSigns(custody, key, passphrase)
      await refusal(
        custody.sign({ keyId: key.keyId, algorithm: 'ECDSA-SHA256', message }),
        'passphrase_required',
      )
    },
    async 'does not tell it in an error'(custody) {
      const { keyId } = await custody.generateKey({ keyAlgorithm: 'ECDSA-P256', passphrase })
      const wrong = 'a passphrase that is wrong'
      const error = await refusal(custody.checkPassphrase({ keyId, passphrase: wrong }), 'wrong_passphrase')
      const told = `${error.message} ${error.stack} ${JSON.stringify(error.context)}`
      assert.ok(!told.includes(wrong) && !told.includes(passphrase), 'a passphrase is in the error')
    },
    async 'is not asked for where there is none'(custody) {
      const { keyId } = await newKey(custody)
      await custody.checkPassphrase({ keyId })
    },
  },
  'a key that is not there': {
    async 'does not sign'(custody) {
      const { keyId } = await newKey(custody)
      await custody.destroyKey(keyId)
      await refusal(custody.sign({ keyId, algorithm: 'ECDSA-SHA256', message }), 'custody_key_not_found')
      await refusal(custody.checkPassphrase({ keyId }), 'custody_key_not_found')
    },
    async 'can be destroyed'(custody) {
      const { keyId } = await newKey(custody)
      await custody.destroyKey(keyId)
      await custody.destroyKey(keyId)
    },
    async 'takes no other with it'(custody) {
      const [gone, kept] = await Promise.all([newKey(custody), newKey(custody)])
      await custody.destroyKey(gone.keyId)
      await assertSigns(custody, kept)
    },
  },
  'an algorithm': {
    async 'of another kind of key is refused'(custody) {
      const { keyId } = await newKey(custody)
      const asked = custody.sign({ keyId, algorithm: 'RSA-PKCS1-SHA256', message })
      await refusal(asked, 'unsupported_algorithm')
    },
  },
}

/** What the custody port promises, law by law. No test runner is needed: a law is kept if `run` resolves. */
export const custodyLaws = (factory: CustodyFactory): readonly CustodyLaw[] =>
  Object.entries(laws).flatMap(([group, checks]) =>
    Object.entries(checks).map(([name, check]) => ({
      group,
      name,
      async run() {
        const { custody, close } = await factory.open()
        try {
          await check(custody)
        } finally {
          await close()
        }
      },
    })),
  )

const newKey = (custody: KeyCustody): Promise<CustodyKey> =>
  custody.generateKey({ keyAlgorithm: 'ECDSA-P256' })

const algorithms = {
  'ECDSA-P256': 'ECDSA-SHA256',
  'ECDSA-P384': 'ECDSA-SHA384',
  'RSA-2048': 'RSA-PKCS1-SHA256',
} as const

async function assertSigns(custody: KeyCustody, key: CustodyKey, phrase?: string): Promise<void> {
  const algorithm = algorithms[key.keyAlgorithm as keyof typeof algorithms]
  const { keyId } = key
  const signature = await custody.sign({ keyId, algorithm, message, ...(phrase && { passphrase: phrase }) })
  assert.ok(verifies(key, signature), `the signature is not by the key (${key.keyAlgorithm})`)
}

/** By the platform, and by no part of Certwright. */
function verifies({ spkiDer, keyAlgorithm }: CustodyKey, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
  return verify(keyAlgorithm === 'ECDSA-P384' ? 'sha384' : 'sha256', message, key, signature)
}

async function refusal(attempt: Promise<unknown>, ...codes: readonly PkiErrorCode[]) {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  for (const code of codes) if (hasCode(error, code)) return error
  throw new assert.AssertionError({ message: `expected ${codes.join(' or ')}, got ${String(error)}` })
}
