import { ocspNonce, parseOcspRequest, findExtension, isPkiError, type OcspRequest } from '@certwright/core'
import type { ForgedCertificate } from '../forge/forge-certificate.js'
import { forgeCrl } from '../forge/forge-crl.js'
import {
  certIdHashes,
  forgeOcspError,
  forgeOcspResponse,
  type OcspDigest,
  ocspDigestOf,
  type SingleResponseSpec,
} from '../forge/forge-ocsp-response.js'
import type { Validity } from './validity-windows.js'

/** A CA, and what it has revoked: serial number, hex, and when. */
export interface AnsweringCa extends ForgedCertificate {
  readonly revoked: Map<string, Date>
  /** Lists and answers are as old, and last as long. */
  readonly validity: Validity
}

/** RFC 5280 §4.2.1.13 and §4.2.2.1 (the media types are RFC 2585's), RFC 6960 appendix A. */
export async function answerRequest(
  request: Request,
  baseUrl: string,
  cas: readonly AnsweringCa[],
): Promise<Response> {
  const { origin, pathname } = new URL(request.url)
  if (origin !== baseUrl)
    throw new TypeError(`fetch failed: a mini-CA answers for ${baseUrl}, not for ${origin}`)
  const [, kind = '', number = '', question] = pathname.split(/\/(.*?)\/(\d+)(?:\/(.+))?$/)
  const ca = cas[Number(number)]
  if (number === '' || ca === undefined) return new Response(null, { status: 404 })
  if (kind === 'ocsp') return answerOcsp(request, question, ca)
  if (question !== undefined) return new Response(null, { status: 404 })
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
  }
  if (kind === 'ca') return bytes(ca.der, 'application/pkix-cert')
  return kind === 'crl' ? bytes(crlOf(ca), 'application/pkix-crl') : new Response(null, { status: 404 })
}

const bytes = (body: Uint8Array, type: string): Response =>
  new Response(new Uint8Array(body), { headers: { 'content-type': type } })

function crlOf(ca: AnsweringCa): Uint8Array {
  const { notBefore: thisUpdate, notAfter: nextUpdate } = ca.validity
  const entries = [...ca.revoked].map(([serial, revocationDate]) => ({
    serialNumber: new Uint8Array(Buffer.from(serial, 'hex')),
    revocationDate,
  }))
  return forgeCrl({ issuer: ca, thisUpdate, nextUpdate, entries, number: 1 + entries.length }).der
}

async function answerOcsp(
  request: Request,
  question: string | undefined,
  ca: AnsweringCa,
): Promise<Response> {
  const isGet = request.method === 'GET'
  if ((!isGet && request.method !== 'POST') || isGet === (question === undefined)) {
    return new Response(null, { status: 405, headers: { allow: 'GET, POST' } })
  }
  const der = isGet
    ? Buffer.from(decodeURIComponent(question ?? ''), 'base64')
    : new Uint8Array(await request.arrayBuffer())
  return bytes(ocspAnswer(new Uint8Array(der), ca), 'application/ocsp-response')
}

/** RFC 6960 §2.3. */
const malformedRequest = 1
const unauthorized = 6

function ocspAnswer(der: Uint8Array, ca: AnsweringCa): Uint8Array {
  const request = readRequest(der)
  if (request === undefined) return forgeOcspError(malformedRequest)
  const responses = request.requests.map(({ certId }) => singleResponse(certId, ca))
  if (!responses.every((one): one is SingleResponseSpec => one !== undefined))
    return forgeOcspError(unauthorized)
  const nonce = findExtension(request.extensions, ocspNonce)
  return forgeOcspResponse({
    responder: ca,
    responses,
    producedAt: ca.validity.notBefore,
    ...(nonce !== undefined && { nonce }),
  })
}

function readRequest(der: Uint8Array): OcspRequest | undefined {
  try {
    return parseOcspRequest(der)
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}

/** @returns `undefined`: the question is about another CA, or in a digest that nobody uses */
function singleResponse(
  certId: OcspRequest['requests'][number]['certId'],
  ca: AnsweringCa,
): SingleResponseSpec | undefined {
  const digest: OcspDigest | undefined = ocspDigestOf(certId.hashAlgorithm)
  if (digest === undefined) return undefined
  const own = certIdHashes(ca, digest)
  if (
    !isSame(own.issuerNameHash, certId.issuerNameHash) ||
    !isSame(own.issuerKeyHash, certId.issuerKeyHash)
  ) {
    return undefined
  }
  const revokedAt = ca.revoked.get(certId.serialNumber)
  const { notBefore: thisUpdate, notAfter: nextUpdate } = ca.validity
  return {
    serialNumber: new Uint8Array(Buffer.from(certId.serialNumber, 'hex')),
    issuer: ca,
    digest,
    status: revokedAt === undefined ? 'good' : { revokedAt },
    thisUpdate,
    nextUpdate,
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
