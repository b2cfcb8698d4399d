import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import { checkPermission, requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CaInfo, caInfo } from '../../steps/info/ca-info.js'
import {
  currentCertificate,
  ownIssuerId,
  withCurrentCertificate,
} from '../../steps/issuer/ca-certificates.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import { caEntry } from '../../steps/issuer/load-chain.js'
import type { Caller, CheckedTbs, Issuer } from '../../steps/stages.js'
import { assembleCaTbs, assembleRootTbs, type CaSpec } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { whileUnlocked } from '../while-unlocked.js'
import { parseReissueCa, wrongRequest } from './ca-requests.js'
import { caSubject } from './ca-subject.js'
import { caValidity, intermediateValidity, rootValidityDays } from './ca-validity.js'
import { issueCaCertificate } from './issue-ca-certificate.js'

const action = 'Cannot re-issue CA'

/**
 * Give a CA a new certificate by its own issuer, with the same name, key and limits, that ends later. From then on it is the
 * one that chains have and that bounds what is issued; the old one stays valid until its end, and so does all below it.
 *
 * @param input a `ReissueCaRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied` | `ca_revoked` | `ca_expired` |
 *   `passphrase_required` | `wrong_passphrase` | `validity_refused` | `path_refused` | `request_too_large` |
 *   `idempotency_in_progress`
 */
export async function reissueCa(input: unknown, caller: Caller, deps: Deps): Promise<CaInfo> {
  const request = parseReissueCa(input)
  const principal = requireOperator(caller, 're-issue CA')
  const { ca } = await checkPermission({ caId: request.caId, action: 'read' }, caller, deps.storage)
  if (ca.revokedAt !== undefined)
    throw new PkiError('ca_revoked', `${action}: CA "${ca.name}" is revoked`, { caId: ca.id })
  const issuer = await findIssuer(await issuerLineage(ca, deps), request.issuerPassphrase, deps)
  const entry = await caEntry(ca, deps)
  const current = currentCertificate(ca, entry.certificates).certificate
  const validity = validityOf(ca, issuer, request.validityDays, deps)
  requireLater(validity, current)
  const checked = checkedTbs({ ...caSubject(current), ...validity }, ca, issuer, deps)
  const order = { event: 'ca.reissued', signer: issuer, subjectCa: entry } as const
  await issueCaCertificate(checked, order, principal, deps)
  await whileUnlocked(issuer, principal, deps)
  return caInfo(withCurrentCertificate(ca, (await caEntry(ca, deps)).certificates), deps)
}

/** The CA that signs for this one, and those above it. */
async function issuerLineage(ca: CaRecord, deps: Deps): Promise<readonly CaRecord[]> {
  const issuerId = ownIssuerId(ca)
  if (issuerId === ca.id) return [ca]
  const lineage = issuerId === undefined ? [] : await deps.storage.findCaLineage(issuerId)
  if (lineage.length > 0) return lineage
  throw wrongRequest(action, 'caId', 'its issuer is not kept here; let it be re-issued there')
}

const isRoot = (ca: CaRecord, issuer: Issuer): boolean => ca.id === issuer.ca.id

function validityOf(ca: CaRecord, issuer: Issuer, days: number | undefined, deps: Deps) {
  const now = currentTime(deps)
  return isRoot(ca, issuer)
    ? caValidity(days ?? rootValidityDays, now)
    : intermediateValidity(days, issuer.certificate.notAfter, now, action)
}

/** What has been issued meanwhile may last as long as the current one, and the newest is the one that is shown. */
function requireLater({ notAfter }: { readonly notAfter: Date }, current: { readonly notAfter: Date }): void {
  if (notAfter > current.notAfter) return
  const state = `it would end at ${notAfter.toISOString()}, no later than its current certificate; ask for more days, or re-issue its issuer first`
  throw new PkiError('validity_refused', `${action}: ${state}`, { notAfterLimit: notAfter })
}

const checkedTbs = (spec: CaSpec, ca: CaRecord, issuer: Issuer, deps: Deps): CheckedTbs =>
  isRoot(ca, issuer)
    ? checkTbs(assembleRootTbs(spec, issuer.identity.signatureAlgorithm, deps))
    : checkTbs(assembleCaTbs(spec, issuer, deps), issuer)
