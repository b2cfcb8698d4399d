import { createHash } from 'node:crypto'
import { type CrlReason, crlReasonNumbers, ocspNonce, parsePublicKey } from '@certwright/core'
import {
  constructed,
  contextConstructed,
  contextPrimitive,
  encode,
  type Encoder,
  enumerated,
  explicit,
  generalizedTime,
  nullValue,
  objectIdentifier,
  octetString,
  optional,
  primitive,
  raw,
  sequence,
  sequenceOf,
} from '@certwright/core/der'
import {
  chosenExtensions,
  extension,
  extensionFields,
  type ExtensionSpec,
  type ExtensionsSpec,
} from './fields/extension-spec.js'
import { type SerialSpec, serialField } from './fields/serial-spec.js'
import { daysFrom, forgeTime } from './fields/time-spec.js'
import type { ForgedCertificate, ForgedIssuer } from './forge-certificate.js'
import { signForgery, type SigningSpec } from './sign-forgery.js'

/** RFC 6960 §4.1.1. Absent fields are those of the certificate and its issuer. */
export interface CertIdSpec {
  readonly serialNumber: SerialSpec
  readonly issuer: ForgedIssuer
  /** Default: SHA-1, as most clients ask. */
  readonly digest?: OcspDigest
  readonly issuerNameHash?: Uint8Array
  readonly issuerKeyHash?: Uint8Array
}

export type OcspStatusSpec =
  | 'good'
  | 'unknown'
  | { readonly revokedAt: Date; readonly reason?: CrlReason }
  /** DER of whatever is to stand there. */
  | Uint8Array

export interface SingleResponseSpec extends CertIdSpec {
  /** Default: good. */
  readonly status?: OcspStatusSpec
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | 'absent'
  readonly extensions?: readonly ExtensionSpec[]
}

/** A response, field by field; what is absent is what a correct responder would write. */
export interface OcspResponseSpec extends SigningSpec, ExtensionsSpec {
  /** Who signs: the issuer itself, or whom it has certified for that. */
  readonly responder: ForgedIssuer
  readonly responses: readonly SingleResponseSpec[]
  /** Default: by the name of the responder. DER: what stands there. */
  readonly responderId?: 'byName' | 'byKey' | Uint8Array
  /** Default: an hour before `forgeTime`. */
  readonly producedAt?: Date
  /** What comes with it: the responder's certificate, where it is not the issuer. */
  readonly certificates?: readonly Pick<ForgedCertificate, 'der'>[]
  readonly nonce?: Uint8Array
  /** responseStatus. Default: 0, successful. */
  readonly responseStatus?: number
  /** responseType, an OID. Default: id-pkix-ocsp-basic. */
  readonly responseType?: string
}

export function forgeOcspResponse(spec: OcspResponseSpec): Uint8Array {
  const { responder, nonce, certificates = [], responseStatus = 0 } = spec
  const { responseType = '1.3.6.1.5.5.7.48.1.1' } = spec
  const list = chosenExtensions(nonce === undefined ? [] : [extension(ocspNonce, nonce)], spec)
  const responseData = encode(
    sequence(
      responderIdField(spec),
      generalizedTime(spec.producedAt ?? hoursFrom(forgeTime, -1)),
      sequenceOf(spec.responses, singleField),
      list.length === 0 ? undefined : explicit(1, extensionFields(list)),
    ),
  )
  const behind =
    certificates.length === 0 ? undefined : explicit(0, sequence(...certificates.map(({ der }) => raw(der))))
  const basic = signForgery(responseData, spec, responder.key, behind)
  return encode(
    sequence(
      enumerated(responseStatus),
      explicit(0, sequence(objectIdentifier(responseType), octetString(basic))),
    ),
  )
}

/** A response without an answer, by its number: 6 is unauthorized. */
export const forgeOcspError = (responseStatus: number): Uint8Array =>
  encode(sequence(enumerated(responseStatus)))

const hoursFrom = (start: Date, hours: number): Date => daysFrom(start, hours / 24)

function responderIdField({ responderId = 'byName', responder }: OcspResponseSpec): Encoder {
  if (responderId instanceof Uint8Array) return raw(responderId)
  return responderId === 'byName'
    ? explicit(1, raw(responder.subjectDer))
    : explicit(2, octetString(digestOf('SHA-1', keyBitsOf(responder))))
}

function singleField(single: SingleResponseSpec): Encoder {
  const { nextUpdate = daysFrom(forgeTime, 3), extensions = [] } = single
  return sequence(
    certIdField(single),
    statusField(single.status ?? 'good'),
    generalizedTime(single.thisUpdate ?? hoursFrom(forgeTime, -1)),
    nextUpdate === 'absent' ? undefined : explicit(0, generalizedTime(nextUpdate)),
    extensions.length === 0 ? undefined : explicit(1, extensionFields(extensions)),
  )
}

const digests = {
  'SHA-1': { name: 'sha1', oid: '1.3.14.3.2.26' },
  'SHA-256': { name: 'sha256', oid: '2.16.840.1.101.3.4.2.1' },
} as const

export type OcspDigest = keyof typeof digests

/** @returns `undefined`: no digest that is used in a CertID */
export const ocspDigestOf = (oid: string): OcspDigest | undefined =>
  (Object.keys(digests) as OcspDigest[]).find((digest) => digests[digest].oid === oid)

/** How a CertID tells of an issuer. */
export const certIdHashes = (issuer: ForgedIssuer, digest: OcspDigest) => ({
  issuerNameHash: digestOf(digest, issuer.subjectDer),
  issuerKeyHash: digestOf(digest, keyBitsOf(issuer)),
})

const digestOf = (digest: OcspDigest, octets: Uint8Array): Uint8Array =>
  createHash(digests[digest].name).update(octets).digest()

const keyBitsOf = ({ key }: ForgedIssuer): Uint8Array => parsePublicKey(key.spkiDer).keyBits

function certIdField({ serialNumber, issuer, digest = 'SHA-1', ...given }: CertIdSpec): Encoder {
  const { issuerNameHash, issuerKeyHash } = { ...certIdHashes(issuer, digest), ...given }
  return sequence(
    sequence(objectIdentifier(digests[digest].oid), nullValue),
    octetString(issuerNameHash),
    octetString(issuerKeyHash),
    serialField(serialNumber),
  )
}

function statusField(status: OcspStatusSpec): Encoder {
  if (status instanceof Uint8Array) return raw(status)
  if (typeof status === 'string') {
    return primitive(contextPrimitive(status === 'good' ? 0 : 2), new Uint8Array())
  }
  return constructed(
    contextConstructed(1),
    generalizedTime(status.revokedAt),
    optional(status.reason, (reason) => explicit(0, enumerated(crlReasonNumbers[reason]))),
  )
}
