import type { Revocation } from '../../ports/records.js'
import { isIssued } from '../../rules/revocation/is-issued.js'
import {
  type CertificateStatus,
  crlEntriesAt,
  statusAsKnownAt as statusOf,
  type StatusTime,
} from '../../rules/revocation/status-log.js'
import { checkPermission } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import type { Caller } from '../../steps/stages.js'
import { type CrlEntry, readRevokedCertificate } from '../../x509/revoked-certificate.js'
import { parseCrlAsOfQuery, parseKnownStatusQuery, parseStatusQuery } from './status-requests.js'

/**
 * The status of a serial number at a time, by what is known now: a key that turned out to have been stolen in May was not
 * good in June.
 *
 * @param input a `StatusQuery`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied`
 */
export async function statusAt(input: unknown, caller: Caller, deps: Deps): Promise<CertificateStatus> {
  const { at, ...subject } = parseStatusQuery(input)
  return statusFrom(subject, { at, knownAt: farFuture }, caller, deps)
}

/**
 * The status of a serial number at a time, by what was known at another: what a relying party could have found out.
 *
 * @param input a `KnownStatusQuery`; unknown, because it is parsed here
 * @throws {PkiError} as `statusAt`
 */
export async function statusAsKnownAt(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<CertificateStatus> {
  const { at, knownAt, ...subject } = parseKnownStatusQuery(input)
  return statusFrom(subject, { at, knownAt }, caller, deps)
}

/**
 * The entries that a complete CRL of a moment had, or would have had, in their order.
 *
 * @param input a `CrlAsOfQuery`; unknown, because it is parsed here
 * @throws {PkiError} as `statusAt`
 */
export async function crlAsOf(input: unknown, caller: Caller, deps: Deps): Promise<readonly CrlEntry[]> {
  const { caId, at } = parseCrlAsOfQuery(input)
  await checkPermission({ caId, action: 'read' }, caller, deps.storage)
  const log: Revocation[] = []
  for await (const entry of deps.storage.listStatusLog(caId)) log.push(entry)
  return crlEntriesAt(log, at).map(({ entryDer }) => readRevokedCertificate(entryDer))
}

/** The last instant that a `Date` can hold. */
const farFuture = new Date(8.64e15)

async function statusFrom(
  { caId, serialNumber }: Pick<ReturnType<typeof parseStatusQuery>, 'caId' | 'serialNumber'>,
  time: StatusTime,
  caller: Caller,
  deps: Deps,
): Promise<CertificateStatus> {
  await checkPermission({ caId, action: 'read' }, caller, deps.storage)
  const known = await deps.storage.findSerial(caId, serialNumber)
  // A serial number that was reserved and has no certificate can be revoked all the same.
  const isUnknown = known === undefined || (!isIssued(known.state) && known.revocation === undefined)
  if (isUnknown) return { kind: 'unknown' }
  const entries: Revocation[] = []
  for await (const entry of deps.storage.listStatusLog(caId, serialNumber)) entries.push(entry)
  return statusOf(entries, time)
}
