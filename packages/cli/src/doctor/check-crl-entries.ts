import {
  type CertificateRevocationList,
  type CrlPart,
  type CrlRecord,
  crlEntries,
  type ListScope,
  parseListScope,
  partitionOf,
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
  record: CrlRecord,
  subject: string,
  storage: Storage,
): AsyncGenerator<Finding> {
  const { caId, revocationCount } = record
  const counted = (await storage.crlState(caId, record.scope)).revocationCount
  if (revocationCount > counted) {
    yield finding(
      'status-log',
      subject,
      `it was made of ${revocationCount} entries of the status log, which now has ${counted}`,
    )
  }
  const scope = parseListScope(record.scope)
  const part: CrlPart = scope?.kind === 'partition' ? { partition: scope } : {}
  const isCurrent = !(await hasEntries(caId, { ...part, since: revocationCount }, storage))
  const listed = new Map<SerialNumber, string>()
  for (const { serialNumber, revocationDate, reason = 'unspecified' } of crlEntries(crl)) {
    listed.set(serialNumber, entryText(revocationDate, reason))
  }
  if (scope?.kind === 'delta') {
    yield* checkKnown(listed, { caId, subject, isCurrent }, storage)
    if (isCurrent) yield* checkWhole(listed, record, subject, storage)
    return
  }
  for await (const { serialNumber, revokedAt, reason } of storage.listRevocations(caId)) {
    if (!isIn(scope, serialNumber)) continue
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

/** What came behind the base of a delta CRL is on it: as far as the base is still in service, and can be asked. */
async function* checkWhole(
  listed: ReadonlyMap<SerialNumber, string>,
  { caId, baseNumber }: CrlRecord,
  subject: string,
  storage: Storage,
): AsyncGenerator<Finding> {
  const { latest } = await storage.crlState(caId, 'complete')
  if (latest === undefined || latest.number !== baseNumber) return
  const missing = new Set<SerialNumber>()
  let position = 0
  for await (const { serialNumber } of storage.listStatusLog(caId)) {
    position += 1
    if (position > latest.revocationCount && !listed.has(serialNumber)) missing.add(serialNumber)
  }
  for (const serialNumber of missing) {
    yield finding('crl', subject, `of ${serialNumber} the list says nothing, the status log has an entry`)
  }
}

async function hasEntries(caId: string, part: CrlPart, storage: Storage): Promise<boolean> {
  for await (const slab of storage.listCrlEntries(caId, part)) if (slab.length > 0) return true
  return false
}

const isIn = (scope: ListScope | undefined, serialNumber: SerialNumber): boolean => {
  if (scope?.kind !== 'partition') return true
  const own = partitionOf(serialNumber, scope.count)
  return own.kind === 'partition' && own.index === scope.index
}

const entryText = (at: Date, reason: string): string => `${at.toISOString()} ${reason}`
