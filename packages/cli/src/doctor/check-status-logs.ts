import type { CaRecord, SerialNumber } from '@certwright/core'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'

/** What the status log says was reserved, and what has a record says so there: see check-status.ts for the way back. */
export async function* checkStatusLogs({ cas, storage, progress }: Patient): AsyncGenerator<Finding> {
  let done = 0
  for (const { id: caId } of cas) {
    const subject = `CA ${caId}`
    let entries = 0
    for await (const { serialNumber } of storage.listRevocations(caId)) {
      entries += 1
      done += 1
      progress('revocations', done)
      if (await isKnown(serialNumber, caId, { cas, storage })) continue
      yield finding(
        'status-log',
        subject,
        `it revokes ${serialNumber}, which has neither reservation nor record`,
      )
    }
    const { revocationCount } = await storage.crlState(caId, 'complete')
    // An entry that replaced a hold counts, and is listed once.
    if (revocationCount < entries) {
      yield finding('status-log', subject, `it counts ${revocationCount} entries, and lists ${entries}`)
    }
  }
}

/** Reserved here, and where it was recorded the record is there; or the CA's own, which was imported. */
async function isKnown(
  serialNumber: SerialNumber,
  caId: string,
  { cas, storage }: Pick<Patient, 'cas' | 'storage'>,
): Promise<boolean> {
  const status = await storage.findSerial(caId, serialNumber)
  if (status?.state === 'recorded' && status.reservation.kind === 'certificate') {
    return (await storage.findCertificate(status.reservation.id)) !== undefined
  }
  const isOwn = (ca: CaRecord): boolean =>
    ca.serialNumber === serialNumber && (ca.parentCaId ?? ca.id) === caId
  return status !== undefined || cas.some(isOwn)
}
