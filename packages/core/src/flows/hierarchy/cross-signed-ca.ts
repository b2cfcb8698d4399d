import { assertUsableKey, parsePublicKey } from '../../crypto/public-key.js'
import { equalBytes } from '../../encoding/bytes.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import { checkPermission } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { currentCertificate } from '../../steps/issuer/ca-certificates.js'
import { type CaEntry, caEntry } from '../../steps/issuer/load-chain.js'
import type { Caller } from '../../steps/stages.js'
import { provePossession } from '../../steps/subject/csr-subject.js'
import { type Certificate, parseCertificate } from '../../x509/certificate.js'
import { type CertificateRequest, parseCertificateRequest } from '../../x509/certificate-request.js'
import { findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { namesMatch } from '../../x509/name.js'
import { type CrossSignRequest, wrongRequest } from './ca-requests.js'
import { type CaSubject, caSubject } from './ca-subject.js'

export interface CrossSignedCa {
  readonly subject: CaSubject
  /** Where the CA is kept here. */
  readonly entry?: CaEntry | undefined
}

const action = 'Cannot cross-sign CA'

/**
 * The CA that a request names by id, certificate or CSR. One that is kept here is found by its name and key, however it was
 * named, so that its new certificate is known as one of its own.
 *
 * @throws {PkiError} `ca_not_found` | `ca_revoked` | `invalid_request` | `invalid_csr` | `weak_key` | what parsers throw
 */
export async function findCrossSignedCa(
  { caId, certificate, csrPem }: CrossSignRequest,
  caller: Caller,
  deps: Deps,
): Promise<CrossSignedCa> {
  if (caId !== undefined) {
    const { ca } = await checkPermission({ caId, action: 'read' }, caller, deps.storage)
    return keptCa(ca, deps)
  }
  const subject =
    certificate === undefined
      ? await subjectOfRequest(parseCertificateRequest(csrPem as string), deps)
      : subjectOfCertificate(parseCertificate(certificate))
  assertUsableKey(subject.publicKey)
  const kept = await findKeptCa(subject, deps)
  return kept === undefined ? { subject } : keptCa(kept, deps)
}

async function keptCa(ca: CaRecord, deps: Deps): Promise<CrossSignedCa> {
  if (ca.revokedAt !== undefined)
    throw new PkiError('ca_revoked', `${action}: CA "${ca.name}" is revoked`, { caId: ca.id })
  const entry = await caEntry(ca, deps)
  return { entry, subject: caSubject(currentCertificate(ca, entry.certificates).certificate) }
}

async function findKeptCa({ subject, publicKey }: CaSubject, deps: Deps): Promise<CaRecord | undefined> {
  const cas = await deps.storage.listCas({ includeRevoked: true })
  return cas.find((ca) => {
    const certificate = deps.certificates.parse(ca.id, ca.certificateDer)
    return equalBytes(certificate.spkiDer, publicKey.spkiDer) && namesMatch(certificate.subject, subject)
  })
}

/** Whether it may sign: what it constrains itself to is said again, so it has to be a CA of its own word. */
function subjectOfCertificate(certificate: Certificate): CaSubject {
  const { extensions } = certificate
  const maySign = findExtension(extensions, keyUsage)?.includes('keyCertSign') !== false
  if (findExtension(extensions, basicConstraints)?.isCa === true && maySign) return caSubject(certificate)
  throw wrongRequest(action, 'certificate', 'is not the certificate of a CA (basicConstraints, keyUsage)')
}

/** Of a CSR the name and the key are taken. What more it asks for is refused, unless it is what every CA gets. */
async function subjectOfRequest(csr: CertificateRequest, deps: Deps): Promise<CaSubject> {
  const publicKey = parsePublicKey(csr.spkiDer)
  await provePossession(csr, publicKey, deps)
  const refused = csr.extensions.find(({ oid }) => oid !== basicConstraints.oid && oid !== keyUsage.oid)
  const constraints = findExtension(csr.extensions, basicConstraints)
  if (refused !== undefined || constraints?.isCa === false || constraints?.pathLength !== undefined) {
    const state =
      'it may ask to be a CA that signs, and no more; the rest is said in the request to cross-sign'
    throw new PkiError('invalid_csr', `Cannot use CSR: ${state}`, { reason: 'extension' })
  }
  return { subject: csr.subject, publicKey }
}
