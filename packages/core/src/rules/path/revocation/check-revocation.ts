import type { Certificate } from '../../../x509/certificate.js'
import type { Asking } from '../questions.js'
import { type ValidationFault, validationFault } from '../validation-fault.js'
import { checkCrls } from './check-crls.js'
import { checkOcsp } from './check-ocsp.js'
import type { RevocationContext, RevocationSources, RevocationStatus } from './revocation-status.js'

/** RFC 9608: the CA says that it will never publish the status of this certificate, since it lives so short. */
const noRevAvail = '2.5.29.56'

/** What is asked for when the sources at hand do not tell. */
export interface RevocationFetch {
  readonly certificate: Certificate
  readonly issuer: Certificate
}

export interface RevocationMode {
  /** A status that nobody tells is a fault. Otherwise only a revoked certificate is one. */
  readonly hardFail: boolean
  /** Ask for more where the sources do not tell. */
  readonly fetch: boolean
}

/**
 * The status of every certificate of a valid path but its anchor, the end entity's first (RFC 5280 §6.3).
 *
 * @param path the end entity first, the anchor last
 */
export function* checkRevocation(
  path: readonly Certificate[],
  sources: RevocationSources,
  mode: RevocationMode,
  context: RevocationContext,
): Asking<ValidationFault | undefined> {
  let unknown: ValidationFault | undefined
  for (const [depth, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[depth + 1] as Certificate
    const status = yield* statusOf(certificate, issuer, sources, mode, context)
    if (status.kind === 'revoked') {
      const reason = status.reason === undefined ? '' : ` (${status.reason})`
      const state = `was revoked at ${status.revokedAt.toISOString().replace('.000Z', 'Z')}${reason}`
      return validationFault('revoked', { certificate, depth }, state)
    }
    if (status.kind === 'good' || !mode.hardFail) continue
    const state = `may be revoked: ${status.because}`
    unknown ??= validationFault('revocation_unknown', { certificate, depth }, state)
  }
  return unknown
}

function* statusOf(
  certificate: Certificate,
  issuer: Certificate,
  sources: RevocationSources,
  mode: RevocationMode,
  context: RevocationContext,
): Asking<RevocationStatus> {
  if (certificate.extensions.some(({ oid }) => oid === noRevAvail)) return { kind: 'good' }
  const status = yield* statusFrom(certificate, issuer, sources, context)
  if (status.kind !== 'unknown' || !mode.fetch) return status
  const request: RevocationFetch = { certificate, issuer }
  const fetched = (yield { ask: 'fetch', request }) as RevocationSources | undefined
  return fetched === undefined ? status : yield* statusFrom(certificate, issuer, fetched, context)
}

/** An OCSP response is about one certificate and newer than most lists; where there is none, the lists decide. */
function* statusFrom(
  certificate: Certificate,
  issuer: Certificate,
  { ocspResponses, crls }: RevocationSources,
  context: RevocationContext,
): Asking<RevocationStatus> {
  const told = yield* checkOcsp({ certificate, issuer }, ocspResponses, context)
  if (told.kind !== 'unknown') return told
  const listed = yield* checkCrls(certificate, issuer, crls, context)
  return listed.kind === 'unknown' && crls.length === 0 && ocspResponses.length > 0 ? told : listed
}
