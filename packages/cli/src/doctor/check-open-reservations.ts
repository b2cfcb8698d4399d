import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'

/** More of them than this would say no more. */
const maximumListed = 10_000

/** Issuances that were begun and not finished: of a crash, or running now. */
export async function* checkOpenReservations({ storage }: Patient): AsyncGenerator<Finding> {
  const open = await storage.listOpenReservations(new Date(), maximumListed)
  for (const { id, kind, caId, serialNumber, reservedAt } of open) {
    yield finding(
      'open-reservation',
      `${kind} ${id}`,
      `CA ${caId} reserved serial number ${serialNumber} at ${reservedAt.toISOString()}, and nothing was recorded`,
    )
  }
}
