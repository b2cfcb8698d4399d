import { PkiError } from '../../errors/pki-error.js'
import { signCertificate } from '../../signing/sign-certificate.js'
import { checkIssuePermission } from '../../steps/access/check-permission.js'
import { type Deps, newId } from '../../steps/deps.js'
import { issuedCertificate, type IssuedCertificate } from '../../steps/info/certificate-info.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import { recordIssuances, type SignedIssuance } from '../../steps/recording/record-issuance.js'
import { releaseReservation } from '../../steps/recording/release-reservation.js'
import { reserveIssuances } from '../../steps/recording/reserve-issuance.js'
import { type HostTransaction, requireJoinable } from '../../steps/recording/transact.js'
import type { Caller, Issuer, PermittedCa, ReservedTbs } from '../../steps/stages.js'
import { whileUnlocked } from '../while-unlocked.js'
import { parseIssueRequest, type ParsedIssueRequest } from './issue-request.js'
import { prepareIssuance, type PreparedIssuance } from './prepare-issuance.js'

export interface IssueManyOptions extends Caller {
  /** As for `issue`. */
  readonly tx?: HostTransaction | undefined
}

/** A second of work, and a transaction that a database is glad to take. */
const maximumRequests = 1000

/**
 * Issue many certificates of one CA: one reservation and one record for all, so that the database is asked twice and not
 * two thousand times. All or none: one request that is refused refuses them all, before a serial number is spent.
 *
 * @param inputs `IssueRequest`s with the same `caId`, 1 to 1000, of at most one passphrase
 * @returns in the order of the requests
 * @throws {PkiError} as `issue`, of the first request that is refused; `request_too_large`
 */
export async function issueMany(
  inputs: readonly unknown[],
  options: IssueManyOptions,
  deps: Deps,
): Promise<readonly IssuedCertificate[]> {
  const requests = parseRequests(inputs)
  requireJoinable(options.tx, deps.storage)
  const [first] = requests
  if (first === undefined) return []
  const permitted = await checkIssuePermission(first.caId, options, deps.storage)
  const issuer = await findIssuer(permitted.lineage, first.caPassphrase, deps)
  const prepared = await prepareAll(requests, permitted, issuer, deps)
  const asked = prepared.map(({ checked }) => ({
    checked,
    intent: { id: newId(deps), caId: issuer.ca.id, kind: 'certificate' } as const,
  }))
  const reserved = await reserveIssuances(asked, deps)
  const { issuances, failure } = await signAll(prepared, reserved, issuer, deps)
  const about = { caId: issuer.ca.id, principal: permitted.principal, withhold: failure }
  const records = await recordIssuances(issuances, about, options.tx, deps)

  await whileUnlocked(issuer, permitted.principal, deps)
  return records.map((record, i) => issuedCertificate(record, (prepared[i] as PreparedIssuance).subject))
}

function parseRequests(inputs: readonly unknown[]): readonly ParsedIssueRequest[] {
  if (inputs.length > maximumRequests) {
    const message = `Cannot issue certificates: ${inputs.length} at once where ${maximumRequests} are allowed`
    const context = { item: 'requests', count: inputs.length, maximum: maximumRequests }
    throw new PkiError('request_too_large', message, context)
  }
  const requests = inputs.map(parseIssueRequest)
  const [first] = requests
  for (const [i, request] of requests.entries()) {
    for (const path of ['caId', 'caPassphrase'] as const) {
      if (request[path] !== first?.[path]) throw otherThanFirst(`[${i}].${path}`)
    }
  }
  return requests
}

function otherThanFirst(path: string): PkiError<'invalid_request'> {
  const message = 'must be that of the first request; call once for each CA'
  const issues = [{ path, message }]
  return new PkiError('invalid_request', `Cannot issue certificates: ${path} ${message}`, { issues })
}

/**
 * CSRs that are looked at together. Between two awaits each piece of code meets many in a row, which the caches of a
 * processor like.
 */
const preparedTogether = 100

/** @throws {PkiError} of the first request that is refused; those of its group have been looked at, too */
async function prepareAll(
  requests: readonly ParsedIssueRequest[],
  permitted: PermittedCa,
  issuer: Issuer,
  deps: Deps,
): Promise<readonly PreparedIssuance[]> {
  // Keys are made one at a time: they would fill the thread pool, and others wait there.
  const together = requests.every(({ mode }) => mode === 'csr') ? preparedTogether : 1
  const prepared: PreparedIssuance[] = []
  for (let start = 0; start < requests.length; start += together) {
    const group = requests.slice(start, start + together)
    const outcomes = await Promise.allSettled(
      group.map((request) => prepareIssuance(request, permitted, issuer, deps)),
    )
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      prepared.push(outcome.value)
    }
  }
  return prepared
}

/** Signatures that are asked of custody together: a remote module takes its time for each, and a pool has several threads. */
const signedTogether = 16

/** Where one fails, those of later groups are given up, and what is signed is for recording only. */
async function signAll(
  prepared: readonly PreparedIssuance[],
  reserved: readonly ReservedTbs[],
  issuer: Issuer,
  deps: Deps,
): Promise<{ readonly issuances: readonly SignedIssuance[]; readonly failure?: Error }> {
  // Under a passphrase each takes half a second by intent, and custody makes others wait behind them.
  const together = issuer.identity.passphrase === undefined ? signedTogether : 1
  const issuances: SignedIssuance[] = []
  for (let start = 0; start < reserved.length; start += together) {
    const group = reserved.slice(start, start + together)
    const outcomes = await Promise.allSettled(group.map((tbs) => signCertificate(tbs, issuer.identity, deps)))
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') continue
      const { spec, request } = prepared[start + i] as PreparedIssuance
      const { workspaceId } = issuer.ca
      issuances.push({ signed: outcome.value, spec, mode: request.mode, workspaceId })
    }
    const failed = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
    if (failed !== undefined) {
      await releaseAll(reserved.slice(start + together), deps)
      const error: unknown = failed.reason
      return { issuances, failure: error instanceof Error ? error : new Error(String(error)) }
    }
  }
  return { issuances }
}

/** As for one alone: a reservation that cannot be given up stays open, which is safe. */
async function releaseAll(unsigned: readonly ReservedTbs[], deps: Deps): Promise<void> {
  for (const reserved of unsigned) await releaseReservation(reserved, deps).catch(() => undefined)
}
