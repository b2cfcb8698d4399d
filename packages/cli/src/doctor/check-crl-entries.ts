import {
  type CertificateRevocationList,
  type CrlPart,
  type CrlRecord,
  crlEntries,
  type SerialNumber,
} from '@certwright/core'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'

type Storage = Patient['storage']

/**
 * The entries of a list beside the status log. A list that is not the newest may lack what came since, and nothing else;
 * a delta CRL has what came behind its base, ended holds included.
 */
export async function* checkEntries(
  crl: CertificateRevocationList,
  { caId, scope, revocationCount }: CrlRecord,
  subject: string,
  storage: Storage,
): AsyncGenerator<Finding> {
  const counted = (await storage.crlState(caId, scope)).revocationCount
  if (revocationCount > counted) {
    yield finding(
      'status-log',
      subject,
      `it was made of ${revocationCount} entries of the status log, which now has ${counted}`,
    )
  }
  const part = partOf(scope)
  const isCurrent = !(await hasEntries(caId, { ...part, since: revocationCount }, storage))
  const listed = new Map<SerialNumber, string>()
  for (const { serialNumber, revocationDate, reason = 'unspecified' } of crlEntries(crl)) {
    listed.set(serialNumber, entryText(revocationDate, reason))
  }
  if (scope === 'delta') {
    yield* checkKnown(listed, { caId, subject, isCurrent }, storage)
    return
  }
  for await (const { serialNumber, revokedAt, reason } of storage.listRevocations(caId)) {
    if (!isIn(part, serialNumber)) continue
    const [said, logged] = [listed.get(serialNumber), entryText(revokedAt, reason)]
    listed.delete(serialNumber)
    if (!isCurrent || said === logged) continue
    const differs = `of ${serialNumber} the list says ${said ?? 'nothing'}, the status log ${logged}`
    yield finding('crl', subject, differs)
  }
  for (const serialNumber of listed.keys()) {
    const known = await storage.findSerial(caId, serialNumber)
    // Its hold has ended since.
    if (!isCurrent && known?.revocation !== undefined) continue
    yield finding('status-log', subject, `it revokes ${serialNumber}, which the status log does not`)
  }
}

/** Each entry of a delta CRL is the last of its serial number, where nothing came since. */
async function* checkKnown(
  listed: ReadonlyMap<SerialNumber, string>,
  {
    caId,
    subject,
    isCurrent,
  }: { readonly caId: string; readonly subject: string; readonly isCurrent: boolean },
  storage: Storage,
): AsyncGenerator<Finding> {
  for (const [serialNumber, said] of listed) {
    const last = (await storage.findSerial(caId, serialNumber))?.revocation
    const logged = last === undefined ? 'nothing' : entryText(last.revokedAt, last.reason)
    if (last !== undefined && (said === logged || !isCurrent)) continue
    const differs = `of ${serialNumber} the list says ${said}, the status log ${logged}`
    yield finding(last === undefined ? 'status-log' : 'crl', subject, differs)
  }
}

async function hasEntries(caId: string, part: CrlPart, storage: Storage): Promise<boolean> {
  for await (const slab of storage.listCrlEntries(caId, part)) if (slab.length > 0) return true
  return false
}

/** `3-of-16`: the fourth of sixteen, by the last octet of the serial number. */
function partOf(scope: string): Pick<CrlPart, 'partition'> {
  const [, index, count] = /^(\d+)-of-(\d+)$/.exec(scope) ?? []
  return index === undefined ? {} : { partition: { index: Number(index), count: Number(count) } }
}

const isIn = ({ partition }: Pick<CrlPart, 'partition'>, serialNumber: SerialNumber): boolean =>
  partition === undefined || Number.parseInt(serialNumber.slice(-2), 16) % partition.count === partition.index

const entryText = (at: Date, reason: string): string => `${at.toISOString()} ${reason}`
