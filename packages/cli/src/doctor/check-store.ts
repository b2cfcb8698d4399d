import { checkAccess } from './check-access.js'
import { checkCas } from './check-cas.js'
import { checkCertificates } from './check-certificates.js'
import { checkCrls } from './check-crls.js'
import { checkKeys } from './check-keys.js'
import { checkOpenReservations } from './check-open-reservations.js'
import { checkRecorded } from './check-recorded.js'
import { checkStatusLogs } from './check-status-logs.js'
import type { Finding } from './finding.js'
import type { Patient } from './patient.js'

/** From what everything hangs on to what is much. */
const checks: readonly ((patient: Patient) => AsyncIterable<Finding>)[] = [
  checkKeys,
  checkCas,
  checkCertificates,
  checkRecorded,
  checkStatusLogs,
  checkCrls,
  checkAccess,
  checkOpenReservations,
]

/** Every invariant of a store that its ports let us see. Nothing is written, and no key signs. */
export async function* checkStore(patient: Omit<Patient, 'cas'>): AsyncGenerator<Finding, void, undefined> {
  const cas = await patient.storage.listCas({ includeRevoked: true })
  for (const check of checks) yield* check({ ...patient, cas })
}
