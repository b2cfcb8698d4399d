import type { Reservation, ReservationState } from '@certwright/core'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'

/**
 * What was recorded is still there, unless it has expired and was archived. A record that is gone leaves no other trace than its reservation: somebody may hold the
 * certificate, and nobody can revoke it by its id. See check-status.ts for the way back.
 */
export async function* checkRecorded({ cas, storage, progress }: Patient): AsyncGenerator<Finding> {
  let done = 0
  for (const { id: caId } of cas) {
    for await (const { reservation, state } of storage.listReservations(caId)) {
      done += 1
      progress('reservations', done)
      const lost = await lostRecord(reservation, state, storage)
      if (lost === undefined) continue
      const { kind, id, serialNumber } = reservation
      yield finding(
        'lost-record',
        `${kind} ${id}`,
        `CA ${caId} has ${state} it under serial number ${serialNumber}, and it ${lost}`,
      )
    }
  }
}

async function lostRecord(
  reservation: Reservation,
  state: ReservationState,
  storage: Patient['storage'],
): Promise<string | undefined> {
  if (state === 'recorded') return (await isThere(reservation, storage)) ? undefined : 'is not there'
  return state === 'archived' && reservation.notAfter > new Date() ? 'has not expired' : undefined
}

async function isThere({ kind, id }: Reservation, storage: Patient['storage']): Promise<boolean> {
  if (kind === 'certificate') return (await storage.findCertificate(id)) !== undefined
  if (kind === 'ca') return (await storage.findCa(id)) !== undefined
  // A CA keeps its last responder alone.
  return true
}
