import type { CustodyKey } from '../ports/key-custody.js'
import type { Deps } from '../steps/deps.js'

/**
 * Put a key into custody for a CA or an OCSP responder, and destroy it again where that does not come into being. The
 * store decides whether it has: an error of the last transaction does not tell whether that was committed, and a CA
 * without its key is lost.
 *
 * @param put generates or imports the key
 * @param disown sees to it that nothing will refer to the key from here on; false where something does, or may
 */
export async function withNewKey<T>(
  put: () => Promise<CustodyKey>,
  use: (key: CustodyKey) => Promise<T>,
  disown: (key: CustodyKey, error: unknown) => Promise<boolean>,
  deps: Deps,
): Promise<T> {
  const key = await put()
  try {
    return await use(key)
  } catch (error) {
    await destroyOrphan(key, () => disown(key, error), deps)
    throw error
  }
}

/** A key that is left behind, because store or custody do not answer, does no harm: nothing refers to it. */
async function destroyOrphan(key: CustodyKey, disown: () => Promise<boolean>, deps: Deps): Promise<void> {
  try {
    if (await disown()) await deps.custody.destroyKey(key.keyId)
  } catch {
    // The caller is told of the error that brought us here, which is the cause.
  }
}
