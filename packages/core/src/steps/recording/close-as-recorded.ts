import { PkiError } from '../../errors/pki-error.js'
import type { StorageTransaction } from '../../ports/storage.js'

/**
 * In the transaction that records what was signed: end its reservations, each of which has to be open still. One that was
 * given up meanwhile (its serial number revoked, the key of its CA about to be destroyed) rolls the record back.
 *
 * @throws {PkiError} `storage_conflict` / `reservation_id`
 */
export async function closeAsRecorded(
  tx: StorageTransaction,
  reservationIds: readonly string[],
): Promise<void> {
  const closed = await tx.closeReservations(reservationIds, 'recorded')
  if (closed === reservationIds.length) return
  throw new PkiError(
    'storage_conflict',
    'Cannot record certificate: its serial number was given up or revoked while it was signed; ask for another one',
    { constraint: 'reservation_id' },
  )
}
