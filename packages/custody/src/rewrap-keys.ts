import { PkiError, type SealedKey, type SealedKeyStore } from '@certwright/core'
import { askKeyEncryptionKey, type KeyEncryptionKey } from './key-encryption-key.js'

/** How many keys were found, by what was done with them. */
export interface RewrapReport {
  readonly rewrapped: number
  /** Under the new key-encryption key already: from a run that was cut short, or by a process that has the new key. */
  readonly alreadyDone: number
  /** Under a passphrase, which a key-encryption key has no part in. */
  readonly underPassphrase: number
}

/**
 * Put every data key under another key-encryption key. The sealed private keys are neither opened nor changed, and each
 * step is complete in itself: after an error or a crash, run it again. Processes that sign meanwhile need both keys
 * (`olderKeyEncryptionKeys`).
 *
 * @throws {PkiError} `custody_unavailable`: a key is under neither of the two, or one of them does not answer
 */
export async function rewrapKeys(
  keys: SealedKeyStore,
  from: KeyEncryptionKey,
  to: KeyEncryptionKey,
): Promise<RewrapReport> {
  const report = { rewrapped: 0, alreadyDone: 0, underPassphrase: 0 }
  for await (const key of keys.listKeys()) {
    if (key.wrappedDataKey === undefined) report.underPassphrase += 1
    else if (key.kekId === to.id) report.alreadyDone += 1
    else if (await rewrap(keys, key, from, to)) report.rewrapped += 1
    // Somebody else was faster, with this or with deleting it; whichever, it is no longer under `from`.
    else report.alreadyDone += 1
  }
  return report
}

async function rewrap(
  keys: SealedKeyStore,
  { keyId, kekId, wrappedDataKey }: SealedKey,
  from: KeyEncryptionKey,
  to: KeyEncryptionKey,
): Promise<boolean> {
  if (kekId !== from.id || wrappedDataKey === undefined) {
    throw new PkiError(
      'custody_unavailable',
      `Cannot rewrap key ${keyId}: it is under key-encryption key ${kekId}, and not under ${from.id}; give the one that it is under`,
      { retryable: false },
    )
  }
  const rewrapped = await askKeyEncryptionKey('rewrap key', async () => {
    const dataKey = await from.unwrap(wrappedDataKey, keyId)
    try {
      return await wrapProven(to, dataKey, keyId)
    } finally {
      dataKey.fill(0)
    }
  })
  return keys.rewrapKey(keyId, { from: wrappedDataKey, wrappedDataKey: rewrapped, kekId: to.id })
}

/** The old wrapping is about to be lost, so the new one has to open before. */
async function wrapProven(to: KeyEncryptionKey, dataKey: Uint8Array, keyId: string): Promise<Uint8Array> {
  const wrapped = await to.wrap(dataKey, keyId)
  const opened = await to.unwrap(wrapped, keyId)
  const isSame = opened.length === dataKey.length && opened.every((octet, i) => octet === dataKey[i])
  opened.fill(0)
  if (isSame) return wrapped
  throw new PkiError(
    'custody_unavailable',
    `Cannot rewrap key ${keyId}: key-encryption key ${to.id} does not give back what it has wrapped`,
    { retryable: false },
  )
}
