import { equalBytes } from '../../encoding/bytes.js'
import { checkIssuePermission, requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CertificateInfo, certificateInfo } from '../../steps/info/certificate-info.js'
import { ownIssuerId } from '../../steps/issuer/ca-certificates.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import type { Caller, Issuer } from '../../steps/stages.js'
import { assembleCaTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { namesMatch } from '../../x509/name.js'
import { whileUnlocked } from '../while-unlocked.js'
import { type CrossSignRequest, parseCrossSign, wrongRequest } from './ca-requests.js'
import { intermediateValidity } from './ca-validity.js'
import { type CrossSignedCa, findCrossSignedCa } from './cross-signed-ca.js'
import { issueCaCertificate } from './issue-ca-certificate.js'
import { nameConstraintsOf } from './name-constraints-of.js'
import { keyPurposeOids } from './key-purpose-oids.js'

const action = 'Cannot cross-sign CA'

/**
 * Certify the name and key of a CA once more, by another CA than its own issuer: what is below it can then be validated under
 * both. The certificate is one like others of the issuer: listed, in the audit log, and revoked by its id. Where the CA is
 * kept here, what it issues from then on has to be valid under every path that the certificate opens.
 *
 * @param input a `CrossSignRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied` | `ca_revoked` | `ca_expired` | `invalid_csr` |
 *   `weak_key` | `unsupported_algorithm` | `passphrase_required` | `wrong_passphrase` | `validity_refused` | `path_refused` |
 *   `request_too_large` | `idempotency_in_progress`
 */
export async function crossSign(input: unknown, caller: Caller, deps: Deps): Promise<CertificateInfo> {
  const request = parseCrossSign(input)
  const principal = requireOperator(caller, 'cross-sign CA')
  const { lineage } = await checkIssuePermission(request.issuerCaId, caller, deps.storage)
  const crossSigned = await findCrossSignedCa(request, caller, deps)
  const issuer = await findIssuer(lineage, request.issuerPassphrase, deps)
  refuseOwnIssuer(crossSigned, issuer)
  const { validityDays } = request
  const validity = intermediateValidity(validityDays, issuer.certificate.notAfter, currentTime(deps), action)
  const spec = { ...crossSigned.subject, ...validity, ...chosenLimits(request) }
  const checked = checkTbs(assembleCaTbs(spec, issuer, deps), issuer)
  const order = { event: 'ca.cross_signed', signer: issuer, subjectCa: crossSigned.entry } as const
  const record = await issueCaCertificate(checked, order, principal, deps)
  await whileUnlocked(issuer, principal, deps)
  return certificateInfo(record)
}

function chosenLimits({ pathLength, nameConstraints, extendedKeyUsage }: CrossSignRequest) {
  return {
    ...(pathLength !== undefined && { pathLength }),
    ...(nameConstraints && { nameConstraints: nameConstraintsOf(nameConstraints) }),
    ...(extendedKeyUsage && { extendedKeyUsage: keyPurposeOids(extendedKeyUsage) }),
  }
}

/** By its own issuer a CA is re-issued; and one of the issuer's name would look as if it had certified itself. */
function refuseOwnIssuer({ subject, entry }: CrossSignedCa, issuer: Issuer): void {
  const { certificate } = issuer
  if (equalBytes(subject.publicKey.spkiDer, certificate.spkiDer) || ownIssuerOf(entry) === issuer.ca.id) {
    throw wrongRequest(action, 'issuerCaId', 'is the own issuer of the CA; re-issue the CA instead')
  }
  if (namesMatch(subject.subject, certificate.subject)) {
    throw wrongRequest(
      action,
      'issuerCaId',
      'has the same name as the CA, so that paths would run in a circle',
    )
  }
}

const ownIssuerOf = (entry: CrossSignedCa['entry']): string | undefined => entry && ownIssuerId(entry.ca)
