import { hasCode } from '../../errors/pki-error.js'
import type { Deps } from '../../steps/deps.js'
import { abandonReservation } from '../../steps/recording/release-reservation.js'

/**
 * The creation of a CA has failed somewhere. Its reservation is closed first: from then on the record cannot be committed,
 * not even by a commit that is still on its way, and what the store says is final.
 *
 * @returns whether there is no such CA, and never will be
 */
export async function disownNewCa(caId: string, deps: Deps): Promise<boolean> {
  await abandonReservation(caId, deps)
  return (await deps.storage.findCa(caId)) === undefined
}

/**
 * The same for an imported CA, which has no reservation to close: where the store did not answer, its commit may still be
 * on its way, and the key is left.
 */
export async function disownImportedCa(caId: string, error: unknown, deps: Deps): Promise<boolean> {
  return !hasCode(error, 'storage_unavailable') && (await deps.storage.findCa(caId)) === undefined
}
