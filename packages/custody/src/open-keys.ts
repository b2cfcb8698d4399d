import type { SigningKey } from '@certwright/core'

/**
 * The private keys that are open in this process, ready to sign: opening one takes a read of the store, perhaps a call of
 * a KMS, and the import of the key, which costs as much as several signatures. Beyond `limit` the one that was not used
 * for the longest time is forgotten, and opened anew when it is needed.
 */
export class OpenKeys {
  /** In the order of their last use. */
  readonly #keys = new Map<string, Promise<SigningKey>>()
  readonly #limit: number
  /** Used last, and so in its place: an authority signs with one key again and again. */
  #newest: string | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  find(keyId: string): Promise<SigningKey> | undefined {
    const key = this.#keys.get(keyId)
    if (key !== undefined && keyId !== this.#newest) this.#touch(keyId, key)
    return key
  }

  /** Callers that come while a key is being opened wait for the same opening; one that fails is not remembered. */
  open(keyId: string, open: () => Promise<SigningKey>): Promise<SigningKey> {
    const known = this.find(keyId)
    if (known !== undefined) return known
    const key = open()
    this.#touch(keyId, key)
    key.catch(() => this.#keys.get(keyId) === key && this.#keys.delete(keyId))
    this.#dropOldest()
    return key
  }

  forget(keyId: string): void {
    this.#keys.delete(keyId)
  }

  #touch(keyId: string, key: Promise<SigningKey>): void {
    this.#keys.delete(keyId)
    this.#keys.set(keyId, key)
    this.#newest = keyId
  }

  #dropOldest(): void {
    for (const keyId of this.#keys.keys()) {
      if (this.#keys.size <= this.#limit) return
      this.#keys.delete(keyId)
    }
  }
}
