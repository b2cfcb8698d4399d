import { isPkiError } from '../../errors/pki-error.js'
import { signOcspResponse } from '../../signing/sign-ocsp-response.js'
import { caNotFound } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import type { OcspAnswer } from '../../steps/ocsp-answer-cache.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { archiveCutoff } from '../../x509/extensions/archive-cutoff.js'
import { ocspNonce } from '../../x509/extensions/ocsp-nonce.js'
import type { SingleResponse } from '../../x509/ocsp-basic-response.js'
import { type OcspRequest, parseOcspRequest } from '../../x509/ocsp-request.js'
import { encodeOcspError } from '../../x509/ocsp-response.js'
import { findResponder, type Responder } from './find-responder.js'
import { singleResponse } from './single-response.js'

/**
 * Answer an OCSP request about certificates of one CA. What is wrong with the request is said in OCSP (§2.3), not thrown.
 *
 * `good` is said of recorded certificates alone; a serial number that was never issued is `unknown`. The status is looked
 * up for every request; an answer about one certificate, without a nonce, is signed once for all who ask meanwhile.
 *
 * @throws {PkiError} `ca_not_found`
 */
export async function answerOcsp(caId: string, requestDer: Uint8Array, deps: Deps): Promise<OcspAnswer> {
  const ca = await deps.storage.findCa(caId)
  if (ca === undefined) throw caNotFound(caId)
  const request = readRequest(requestDer)
  if (request === undefined) return { der: encodeOcspError('malformedRequest') }
  const issuer = deps.certificates.parse(ca.id, ca.certificateDer)
  const responder = findResponder({ ca, issuer }, deps)
  // A locked CA whose responder has expired: somebody has to unlock it first.
  if (responder === undefined) return { der: encodeOcspError('tryLater') }

  const looks = request.requests.map(({ certId }) => singleResponse(certId, { ca, issuer }, deps))
  // Most ask about one certificate, and `all` would take three turns for it.
  const statuses = looks.length === 1 ? [await (looks[0] as Promise<Answered>)] : await Promise.all(looks)
  const now = currentTime(deps)
  const nonce = request.extensions.find(({ oid }) => oid === ocspNonce.oid)
  const make = () => sign({ statuses, nonce, now, issuer, responder }, deps)
  const [only] = statuses
  const canBeShared = nonce === undefined && statuses.length === 1 && only?.status.kind !== 'unknown'
  if (only === undefined || !canBeShared) return await make()
  return deps.ocspAnswers.answer({ caId, ...only, responderKeyHash: responder.keyHash }, now, make)
}

type Answered = Pick<SingleResponse, 'certId' | 'status'>

interface Answering {
  readonly statuses: readonly Answered[]
  /** As it was asked, and well-formed: the answer repeats it (RFC 9654 §2.1). */
  readonly nonce: Extension | undefined
  readonly now: Date
  readonly issuer: Certificate
  readonly responder: Responder
}

async function sign({ statuses, nonce, now, issuer, responder }: Answering, deps: Deps): Promise<OcspAnswer> {
  const nextUpdate = new Date(now.getTime() + deps.settings.ocspValiditySeconds * 1000)
  const extensions = deps.settings.ocspArchiveCutoff
    ? [createExtension(archiveCutoff, issuer.notBefore, { critical: false })]
    : []
  const data = {
    responderId: { byKey: responder.keyHash },
    producedAt: now,
    responses: statuses.map(({ certId, status }) => ({
      certId,
      status,
      thisUpdate: now,
      nextUpdate,
      extensions,
    })),
    extensions: nonce === undefined ? [] : [{ ...nonce, critical: false }],
  }
  const der = await signOcspResponse(data, responder.identity, responder.certificatesDer, deps)
  return nonce === undefined ? { der, thisUpdate: now, nextUpdate } : { der }
}

function readRequest(der: Uint8Array): OcspRequest | undefined {
  try {
    return parseOcspRequest(der)
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}
