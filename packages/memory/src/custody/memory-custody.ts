import {
  type CryptoProvider,
  type CustodyKey,
  type KeyAlgorithm,
  type KeyCustody,
  PkiError,
  platformCrypto,
  type Random,
  type SigningKey,
  type SignRequest,
} from '@certwright/core'
import { newKeyId } from './key-id.js'
import {
  checkPassphraseLength,
  checkScryptCost,
  defaultScryptCost,
  openSealedKey,
  type ScryptCost,
  sealKey,
} from './sealed-key.js'
import { SingleFile } from './single-file.js'

export interface MemoryCustodyOptions {
  /** The platform's cryptography where absent. */
  readonly crypto?: CryptoProvider
  /** For key ids, salts and nonces; `crypto.getRandomValues` where absent. */
  readonly random?: Random
  /** The price of one guess at a passphrase. OWASP's N = 2^17, r = 8, p = 1 where absent; lower it in tests only. */
  readonly scrypt?: ScryptCost
}

/**
 * Keys in the memory of this process, and gone with it.
 *
 * A key without a passphrase is imported once and stays ready to sign. A key with one is kept sealed alone
 * (sealed-key.ts): each signature derives the AES key anew, which takes about half a second by intent, and forgets the
 * private key afterwards. Of those derivations one runs at a time; behind 64 that wait, the next caller gets
 * `custody_unavailable`.
 *
 * Passphrases have 1 to 1,024 characters, compared after NFKC; to create a key under another is a `RangeError`. Buffers
 * that hold a private key are overwritten with zeros as soon as they have served; strings (passphrases), and what the
 * platform keeps inside its key objects, are out of our reach.
 *
 * @throws {RangeError} `options.scrypt` is no cost that scrypt can have, or needs more than 256 MiB
 */
export function memoryCustody(options: MemoryCustodyOptions = {}): KeyCustody {
  const scrypt = options.scrypt ?? defaultScryptCost
  checkScryptCost(scrypt)
  return new MemoryCustody({
    crypto: options.crypto ?? platformCrypto,
    random: options.random ?? systemRandom,
    scrypt: { ...scrypt },
  })
}

const systemRandom: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** What is known of a key: either it is ready, or it is sealed. */
type Holding = { readonly ready: SigningKey } | { readonly sealed: Uint8Array }

/** Private keys are reachable through #private fields alone: no inspection, spread or serialisation shows them. */
class MemoryCustody implements KeyCustody {
  readonly #holdings = new Map<string, Holding>()
  readonly #derivations = new SingleFile()
  readonly #crypto: CryptoProvider
  readonly #random: Random
  readonly #scrypt: ScryptCost

  constructor(options: Required<MemoryCustodyOptions>) {
    this.#crypto = options.crypto
    this.#random = options.random
    this.#scrypt = options.scrypt
  }

  async generateKey(request: { keyAlgorithm: KeyAlgorithm; passphrase?: string }): Promise<CustodyKey> {
    if (request.passphrase !== undefined) checkPassphraseLength(request.passphrase)
    const { pkcs8Der } = await this.#crypto.generateKeyPair(request.keyAlgorithm)
    return this.#keep(pkcs8Der, request.passphrase)
  }

  async importKey(request: { pkcs8Der: Uint8Array; passphrase?: string }): Promise<CustodyKey> {
    if (request.passphrase !== undefined) checkPassphraseLength(request.passphrase)
    return this.#keep(new Uint8Array(request.pkcs8Der), request.passphrase)
  }

  async sign({ keyId, algorithm, message, passphrase }: SignRequest): Promise<Uint8Array> {
    const holding = this.#find(keyId)
    if ('ready' in holding) return holding.ready.sign(algorithm, message)
    return this.#opened(holding.sealed, keyId, passphrase, async (pkcs8Der) => {
      const key = await this.#crypto.importSigningKey(pkcs8Der)
      return key.sign(algorithm, message)
    })
  }

  async checkPassphrase({ keyId, passphrase }: { keyId: string; passphrase?: string }): Promise<void> {
    const holding = this.#find(keyId)
    if ('sealed' in holding) await this.#opened(holding.sealed, keyId, passphrase, async () => undefined)
  }

  async destroyKey(keyId: string): Promise<void> {
    this.#holdings.delete(keyId)
  }

  #find(keyId: string): Holding {
    const holding = this.#holdings.get(keyId)
    if (holding !== undefined) return holding
    throw new PkiError('custody_key_not_found', `Cannot use key: there is no key "${keyId}"`, { keyId })
  }

  /** @param pkcs8Der our own copy, overwritten here */
  async #keep(pkcs8Der: Uint8Array, passphrase: string | undefined): Promise<CustodyKey> {
    try {
      const ready = await this.#crypto.importSigningKey(pkcs8Der)
      const keyId = newKeyId(this.#random)
      this.#holdings.set(
        keyId,
        passphrase === undefined ? { ready } : await this.#seal(pkcs8Der, keyId, passphrase),
      )
      return { keyId, spkiDer: new Uint8Array(ready.spkiDer), keyAlgorithm: ready.keyAlgorithm }
    } finally {
      pkcs8Der.fill(0)
    }
  }

  async #seal(pkcs8Der: Uint8Array, keyId: string, passphrase: string): Promise<Holding> {
    const request = { pkcs8Der, keyId, passphrase, cost: this.#scrypt }
    return { sealed: await this.#derivations.run(() => sealKey(request, this.#random)) }
  }

  /** Run `use` with the private key that `sealed` holds, and overwrite it afterwards, whatever happens. */
  async #opened<T>(
    sealed: Uint8Array,
    keyId: string,
    passphrase: string | undefined,
    use: (pkcs8Der: Uint8Array) => Promise<T>,
  ): Promise<T> {
    if (passphrase === undefined) {
      throw new PkiError('passphrase_required', 'Cannot open key: it has a passphrase, and none was given', {
        keyId,
      })
    }
    const pkcs8Der = await this.#derivations.run(() => openSealedKey(sealed, { keyId, passphrase }))
    try {
      return await use(pkcs8Der)
    } finally {
      pkcs8Der.fill(0)
    }
  }
}
