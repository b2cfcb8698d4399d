import { isPkiError } from '../../errors/pki-error.js'
import { signOcspResponse } from '../../signing/sign-ocsp-response.js'
import { caNotFound } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { findExtension } from '../../x509/extension.js'
import { ocspNonce } from '../../x509/extensions/ocsp-nonce.js'
import { createExtension } from '../../x509/extension.js'
import { type OcspRequest, parseOcspRequest } from '../../x509/ocsp-request.js'
import { encodeOcspError } from '../../x509/ocsp-response.js'
import { findResponder } from './find-responder.js'
import { singleResponse } from './single-response.js'

/** How long a client may keep an answer. Short: a revocation is to be seen soon, and an answer is made in a moment. */
const answerLifetimeSeconds = 60 * 60

export interface OcspAnswer {
  /** OCSPResponse, DER (RFC 6960 §4.2.1). */
  readonly der: Uint8Array
  /** Present where the answer may be kept and given to others: signed, and without a nonce. */
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
}

/**
 * Answer an OCSP request about certificates of one CA. What is wrong with the request is said in OCSP (§2.3), not thrown.
 *
 * `good` is said of recorded certificates alone; a serial number that was never issued is `unknown`.
 *
 * @throws {PkiError} `ca_not_found`
 */
export async function answerOcsp(caId: string, requestDer: Uint8Array, deps: Deps): Promise<OcspAnswer> {
  const ca = await deps.storage.findCa(caId)
  if (ca === undefined) throw caNotFound(caId)
  const request = readRequest(requestDer)
  if (request === undefined) return { der: encodeOcspError('malformedRequest') }
  const responder = findResponder(ca, deps)
  // A locked CA whose responder has expired: somebody has to unlock it first.
  if (responder === undefined) return { der: encodeOcspError('tryLater') }

  const thisUpdate = currentTime(deps)
  const nextUpdate = new Date(thisUpdate.getTime() + answerLifetimeSeconds * 1000)
  const issuer = deps.certificates.parse(ca.id, ca.certificateDer)
  const statuses = await Promise.all(
    request.requests.map(({ certId }) => singleResponse(certId, { ca, issuer }, deps)),
  )
  const responses = statuses.map((status) => ({ ...status, thisUpdate, nextUpdate, extensions: [] }))
  const nonce = findExtension(request.extensions, ocspNonce)
  const data = {
    responderId: { byKey: responder.keyHash },
    producedAt: thisUpdate,
    responses,
    extensions: nonce === undefined ? [] : [createExtension(ocspNonce, nonce, { critical: false })],
  }
  const der = await signOcspResponse(data, responder.identity, responder.certificatesDer, deps)
  return nonce === undefined ? { der, thisUpdate, nextUpdate } : { der }
}

function readRequest(der: Uint8Array): OcspRequest | undefined {
  try {
    return parseOcspRequest(der)
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}
