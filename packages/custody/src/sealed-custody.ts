import {
  type Clock,
  type CryptoProvider,
  type CustodyKey,
  type KeyAlgorithm,
  type KeyCustody,
  PkiError,
  platformCrypto,
  type Random,
  type SealedKey,
  type SealedKeyStore,
  type SignRequest,
} from '@certwright/core'
import { askKeyEncryptionKey, type KeyEncryptionKey, systemRandom } from './key-encryption-key.js'
import { newKeyId } from './key-id.js'
import { OpenKeys } from './open-keys.js'
import { importMatchingKey, openKeyInEnvelope } from './open-sealed-key.js'
import { dataKeyLength, importDataKey, sealEnvelope } from './sealing/envelope.js'
import {
  checkPassphraseLength,
  checkScryptCost,
  defaultScryptCost,
  openWithPassphrase,
  type ScryptCost,
  sealWithPassphrase,
} from './sealing/passphrase-seal.js'
import { SingleFile } from './single-file.js'

export interface SealedCustodyOptions {
  /** Where the sealed keys lie. */
  readonly keys: SealedKeyStore
  /** Seals the keys that have no passphrase. Absent: there can be none, and to make one is refused. */
  readonly keyEncryptionKey?: KeyEncryptionKey
  /** Only to open what they have sealed, while `rewrapKeys` is on its way. */
  readonly olderKeyEncryptionKeys?: readonly KeyEncryptionKey[]
  /** The platform's cryptography where absent. */
  readonly crypto?: CryptoProvider
  /** For key ids, data keys, salts and nonces; `crypto.getRandomValues` where absent. */
  readonly random?: Random
  /** For `createdAt`; the platform's clock where absent. */
  readonly clock?: Clock
  /** The price of one guess at a passphrase. OWASP's N = 2^17, r = 8, p = 1 where absent; lower it in tests only. */
  readonly scrypt?: ScryptCost
  /** How many keys without a passphrase stay open in memory: 1 to 100,000. Default: 1,000. */
  readonly maximumOpenKeys?: number
}

const defaultMaximumOpenKeys = 1000

/**
 * Keys that are sealed before they reach the store: under a passphrase where the CA has one, else in an envelope
 * (sealing/envelope.ts).
 *
 * A key in an envelope is opened once and stays ready to sign. A key under a passphrase is opened for each signature,
 * which takes about half a second by intent, and forgotten afterwards. Of those openings one runs at a time; behind 64
 * that wait, the next caller gets `custody_unavailable`.
 *
 * A new key is not kept open: its first signature, the one on its own certificate, is made with what the store gives back,
 * so that a key which could not be opened again never becomes a CA.
 *
 * Passphrases have 1 to 1,024 characters, compared after NFKC; to create a key under another is a `RangeError`. Buffers
 * that hold a private key or a data key are overwritten with zeros as soon as they have served; strings (passphrases),
 * and what the platform keeps inside its key objects, are out of our reach.
 *
 * A lost or wrong key-encryption key is `custody_unavailable`, not retryable, with the names of both keys; no new key
 * takes the place of one that cannot be opened.
 *
 * @throws {RangeError} `options.scrypt` is no cost that scrypt can have, or needs more than 256 MiB; `maximumOpenKeys`
 */
export function sealedCustody(options: SealedCustodyOptions): KeyCustody {
  const { scrypt = defaultScryptCost, maximumOpenKeys = defaultMaximumOpenKeys } = options
  checkScryptCost(scrypt)
  if (!Number.isInteger(maximumOpenKeys) || maximumOpenKeys < 1 || maximumOpenKeys > 100_000) {
    throw new RangeError(`maximumOpenKeys: expected 1 to 100000, got ${maximumOpenKeys}`)
  }
  return new SealedCustody({ ...options, scrypt: { ...scrypt }, maximumOpenKeys })
}

type Settings = SealedCustodyOptions & Required<Pick<SealedCustodyOptions, 'scrypt' | 'maximumOpenKeys'>>

/** What is known of a private key before it is sealed. */
interface PlainKey {
  readonly keyId: string
  readonly pkcs8Der: Uint8Array
}

/** Everything is reachable through #private fields alone: no inspection, spread or serialisation shows a key. */
class SealedCustody implements KeyCustody {
  readonly #keys: SealedKeyStore
  readonly #sealsUnder: KeyEncryptionKey | undefined
  readonly #opensWith: readonly KeyEncryptionKey[]
  readonly #crypto: CryptoProvider
  readonly #random: Random
  readonly #clock: Clock
  readonly #scrypt: ScryptCost
  readonly #openKeys: OpenKeys
  readonly #derivations = new SingleFile()

  constructor(settings: Settings) {
    const { keyEncryptionKey, olderKeyEncryptionKeys = [] } = settings
    this.#keys = settings.keys
    this.#sealsUnder = keyEncryptionKey
    this.#opensWith = [...(keyEncryptionKey ? [keyEncryptionKey] : []), ...olderKeyEncryptionKeys]
    this.#crypto = settings.crypto ?? platformCrypto
    this.#random = settings.random ?? systemRandom
    this.#clock = settings.clock ?? { now: () => new Date() }
    this.#scrypt = settings.scrypt
    this.#openKeys = new OpenKeys(settings.maximumOpenKeys)
  }

  async generateKey(request: { keyAlgorithm: KeyAlgorithm; passphrase?: string }): Promise<CustodyKey> {
    this.#checkSealing(request.passphrase)
    const { pkcs8Der } = await this.#crypto.generateKeyPair(request.keyAlgorithm)
    return this.#keep(pkcs8Der, request.passphrase)
  }

  async importKey(request: { pkcs8Der: Uint8Array; passphrase?: string }): Promise<CustodyKey> {
    this.#checkSealing(request.passphrase)
    return this.#keep(new Uint8Array(request.pkcs8Der), request.passphrase)
  }

  async sign({ keyId, algorithm, message, passphrase }: SignRequest): Promise<Uint8Array> {
    const open = this.#openKeys.find(keyId)
    if (open !== undefined) return (await open).sign(algorithm, message)
    const key = await this.#find(keyId)
    if (key.wrappedDataKey !== undefined) {
      const opened = await this.#openKeys.open(keyId, () =>
        openKeyInEnvelope(key, this.#opensWith, this.#crypto),
      )
      return opened.sign(algorithm, message)
    }
    return this.#unlocked(key, passphrase, async (pkcs8Der) =>
      (await importMatchingKey(key, pkcs8Der, this.#crypto)).sign(algorithm, message),
    )
  }

  async checkPassphrase({ keyId, passphrase }: { keyId: string; passphrase?: string }): Promise<void> {
    if (this.#openKeys.find(keyId) !== undefined) return
    const key = await this.#find(keyId)
    if (key.wrappedDataKey === undefined) await this.#unlocked(key, passphrase, async () => undefined)
  }

  async destroyKey(keyId: string): Promise<void> {
    this.#openKeys.forget(keyId)
    await this.#keys.deleteKey(keyId)
  }

  /** Before a key is made that could not be kept. */
  #checkSealing(passphrase: string | undefined): void {
    if (passphrase !== undefined) checkPassphraseLength(passphrase)
    else this.#requireKeyEncryptionKey()
  }

  #requireKeyEncryptionKey(): KeyEncryptionKey {
    if (this.#sealsUnder !== undefined) return this.#sealsUnder
    throw new PkiError(
      'custody_unavailable',
      'Cannot keep key: it has no passphrase, and custody has no key-encryption key; configure one',
      { retryable: false },
    )
  }

  async #find(keyId: string): Promise<SealedKey> {
    const key = await this.#keys.findKey(keyId)
    if (key !== undefined) return key
    throw new PkiError('custody_key_not_found', `Cannot use key: there is no key "${keyId}"`, { keyId })
  }

  /** @param pkcs8Der our own copy, overwritten here */
  async #keep(pkcs8Der: Uint8Array, passphrase: string | undefined): Promise<CustodyKey> {
    try {
      const { spkiDer, keyAlgorithm } = await this.#crypto.importSigningKey(pkcs8Der)
      const keyId = newKeyId(this.#random)
      const seal =
        passphrase === undefined
          ? await this.#sealEnvelope({ keyId, pkcs8Der })
          : { sealed: await this.#sealWithPassphrase({ keyId, pkcs8Der }, passphrase) }
      const publicPart = { keyId, spkiDer: new Uint8Array(spkiDer), keyAlgorithm }
      await this.#keys.insertKey({ ...publicPart, ...seal, createdAt: wholeSeconds(this.#clock.now()) })
      return publicPart
    } finally {
      pkcs8Der.fill(0)
    }
  }

  #sealWithPassphrase(key: PlainKey, passphrase: string): Promise<Uint8Array> {
    const request = { ...key, passphrase, cost: this.#scrypt }
    return this.#derivations.run(() => sealWithPassphrase(request, this.#random))
  }

  async #sealEnvelope({ keyId, pkcs8Der }: PlainKey) {
    const kek = this.#requireKeyEncryptionKey()
    const dataKey = Uint8Array.from(this.#random.bytes(dataKeyLength))
    try {
      const wrappedDataKey = await askKeyEncryptionKey('keep key', () => kek.wrap(dataKey, keyId))
      const key = await importDataKey(dataKey, keyId)
      const sealed = await sealEnvelope('privateKey', key, { keyId, plain: pkcs8Der }, this.#random)
      return { sealed, wrappedDataKey, kekId: kek.id }
    } finally {
      dataKey.fill(0)
    }
  }

  /** Run `use` with the private key that is under a passphrase, and overwrite it afterwards, whatever happens. */
  async #unlocked<T>(
    { keyId, sealed }: SealedKey,
    passphrase: string | undefined,
    use: (pkcs8Der: Uint8Array) => Promise<T>,
  ): Promise<T> {
    if (passphrase === undefined) {
      throw new PkiError('passphrase_required', 'Cannot open key: it has a passphrase, and none was given', {
        keyId,
      })
    }
    const pkcs8Der = await this.#derivations.run(() => openWithPassphrase(sealed, { keyId, passphrase }))
    try {
      return await use(pkcs8Der)
    } finally {
      pkcs8Der.fill(0)
    }
  }
}

const wholeSeconds = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000)
