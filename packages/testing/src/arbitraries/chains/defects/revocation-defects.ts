import {
  deltaCRLIndicator,
  type DistributionPointName,
  freshestCRL,
  issuingDistributionPoint,
  keyPurposes,
  ocspNoCheck,
} from '@certwright/core'
import { flipBit } from '../../../forge/alter-octets.js'
import { extension, rawExtension } from '../../../forge/fields/extension-spec.js'
import { daysFrom, forgeTime } from '../../../forge/fields/time-spec.js'
import { forgeCa, forgeEndEntity } from '../../../forge/forge-certificate.js'
import type { CrlSpec } from '../../../forge/forge-crl.js'
import type { OcspResponseSpec, SingleResponseSpec } from '../../../forge/forge-ocsp-response.js'
import { forgeKey } from '../../../forge/keys/forge-key.js'
import type { ChainDefect, ForgedLink } from './chain-defect.js'

/* A certificate that is revoked, and lists and answers that do not tell what they seem to tell. */

const second = 1 / 86_400
const unknownExtension = rawExtension('1.3.6.1.4.1.99999.5.2', Uint8Array.of(0x05, 0x00), true)
const wholeScope = { indirectCRL: false, onlyContainsUserCerts: false, onlyContainsCACerts: false }
const scope = (scoped: Partial<Parameters<typeof issuingDistributionPoint.encode>[0]>) =>
  extension(issuingDistributionPoint, { ...wholeScope, onlyContainsAttributeCerts: false, ...scoped }, true)

interface CrlRow extends Pick<ChainDefect, 'name' | 'title' | 'clause'> {
  /** Default: the status is not known. */
  readonly cause?: 'revoked'
  /** Of the certificates of CAs, or of the end entity. Default: any. */
  readonly lowest?: 1
  readonly highest?: 0
  readonly change: (spec: CrlSpec, about: ForgedLink) => CrlSpec | readonly CrlSpec[]
}

const revokes = (spec: CrlSpec, { certificate }: ForgedLink): CrlSpec => ({
  ...spec,
  entries: [
    ...(spec.entries as Exclude<CrlSpec['entries'], Uint8Array | undefined>),
    { serialNumber: certificate.serialNumber, reason: 'keyCompromise' },
  ],
})
const extended = (spec: CrlSpec, ...list: NonNullable<CrlSpec['extensions']>): CrlSpec => ({
  ...spec,
  extensions: [...(spec.extensions ?? []), ...list],
})

/** A list that has a delta says where (RFC 5280 §5.2.6). */
const deltaPoint: DistributionPointName = {
  type: 'fullName',
  names: [{ type: 'uri', value: 'http://crl.example.org/delta' }],
}

const crlRows: readonly CrlRow[] = [
  {
    name: 'revokedByCrl',
    title: 'a certificate that is on the list',
    clause: 'RFC 5280 §6.3.3 (j)',
    cause: 'revoked',
    change: revokes,
  },
  {
    name: 'revokedByDelta',
    title: 'a certificate that is on the delta list',
    clause: 'RFC 5280 §6.3.3 (c), (i): where delta lists are used',
    cause: 'revoked',
    change: (spec, about) => [
      extended(spec, extension(freshestCRL, [{ distributionPoint: deltaPoint }])),
      extended({ ...revokes(spec, about), number: 2 }, extension(deltaCRLIndicator, 1n, true)),
    ],
  },
  { name: 'crlAbsent', title: 'no list', clause: 'RFC 5280 §6.3.3', change: () => [] },
  {
    name: 'crlOutOfDate',
    title: 'a list whose next update was a second ago',
    clause: 'RFC 5280 §6.3.3 (a)',
    change: (spec) => ({ ...spec, nextUpdate: daysFrom(forgeTime, -second) }),
  },
  {
    name: 'crlFromFuture',
    title: 'a list of the next second',
    clause: 'RFC 5280 §5.1.2.4',
    change: (spec) => ({ ...spec, thisUpdate: daysFrom(forgeTime, second) }),
  },
  {
    name: 'crlSignatureAltered',
    title: 'a list whose signature has lost a bit',
    clause: 'RFC 5280 §6.3.3 (g)',
    change: (spec) => ({ ...spec, alterSignature: flipBit(-9) }),
  },
  {
    name: 'crlOfOtherIssuer',
    title: 'a list of another CA',
    clause: 'RFC 5280 §6.3.3 (b)(1)',
    change: (spec) => ({ ...spec, issuer: forgeCa({ subject: 'Another CA' }) }),
  },
  {
    name: 'crlUnknownCriticalExtension',
    title: 'a list with a critical extension that nobody knows',
    clause: 'RFC 5280 §5.2',
    change: (spec) => extended(spec, unknownExtension),
  },
  {
    name: 'crlEntryUnknownCriticalExtension',
    title: 'a list with an entry that has a critical extension that nobody knows',
    clause: 'RFC 5280 §5.3',
    change: (spec) => ({
      ...spec,
      entries: [{ serialNumber: 4711, reason: 'superseded', extensions: [unknownExtension] }],
    }),
  },
  {
    name: 'crlForCasOnly',
    title: 'a list about CAs, for an end entity',
    clause: 'RFC 5280 §6.3.3 (b)(2)(iii)',
    highest: 0,
    change: (spec) => extended(spec, scope({ onlyContainsCACerts: true })),
  },
  {
    name: 'crlForEndEntitiesOnly',
    title: 'a list about end entities, for a CA',
    clause: 'RFC 5280 §6.3.3 (b)(2)(ii)',
    lowest: 1,
    change: (spec) => extended(spec, scope({ onlyContainsUserCerts: true })),
  },
  {
    name: 'crlForAttributeCertificatesOnly',
    title: 'a list about attribute certificates',
    clause: 'RFC 5280 §6.3.3 (b)(2)(iv)',
    change: (spec) => extended(spec, scope({ onlyContainsAttributeCerts: true })),
  },
  {
    name: 'crlOfOtherDistributionPoint',
    title: 'a list of a distribution point that the certificate does not name',
    clause: 'RFC 5280 §6.3.3 (b)(2)(i)',
    change: (spec) =>
      extended(
        spec,
        scope({
          distributionPoint: {
            type: 'fullName',
            names: [{ type: 'uri', value: 'http://crl.example.org/7' }],
          },
        }),
      ),
  },
  {
    name: 'crlForSomeReasons',
    title: 'a list about one reason only',
    clause: 'RFC 5280 §6.3.3 (d), (l)',
    change: (spec) => extended(spec, scope({ onlySomeReasons: ['keyCompromise'] })),
  },
  {
    name: 'crlDeltaAlone',
    title: 'a delta list without the list that it is about',
    clause: 'RFC 5280 §5.2.4',
    change: (spec) => extended({ ...spec, number: 2 }, extension(deltaCRLIndicator, 1n, true)),
  },
]

interface OcspRow extends Pick<ChainDefect, 'name' | 'title' | 'clause'> {
  readonly cause?: 'revoked'
  readonly change: (
    spec: OcspResponseSpec,
    about: ForgedLink,
  ) => OcspResponseSpec | readonly OcspResponseSpec[]
}

const single = (spec: OcspResponseSpec, change: Partial<SingleResponseSpec>): OcspResponseSpec => ({
  ...spec,
  responses: spec.responses.map((one) => ({ ...one, ...change })),
})

/** Somebody else answers, with a certificate. */
const answeredBy = (
  spec: OcspResponseSpec,
  about: ForgedLink,
  change: Partial<Parameters<typeof forgeEndEntity>[0]>,
): OcspResponseSpec => {
  const responder = forgeEndEntity({
    issuer: about.issuer,
    subject: 'Responder',
    names: [],
    key: forgeKey('generated responder'),
    purposes: [keyPurposes.ocspSigning],
    extensions: [extension(ocspNoCheck, true)],
    ...change,
  })
  return { ...spec, responder, certificates: [responder] }
}

const ocspRows: readonly OcspRow[] = [
  {
    name: 'revokedByOcsp',
    title: 'a certificate that the responder calls revoked',
    clause: 'RFC 6960 §2.2',
    cause: 'revoked',
    change: (spec) =>
      single(spec, { status: { revokedAt: daysFrom(forgeTime, -1), reason: 'keyCompromise' } }),
  },
  {
    name: 'ocspUnknown',
    title: 'a certificate that the responder does not know',
    clause: 'RFC 6960 §2.2',
    change: (spec) => single(spec, { status: 'unknown' }),
  },
  { name: 'ocspAbsent', title: 'no response', clause: 'RFC 6960 §3.2', change: () => [] },
  {
    name: 'ocspOutOfDate',
    title: 'a response whose next update was a second ago',
    clause: 'RFC 6960 §3.2 (6)',
    change: (spec) => single(spec, { nextUpdate: daysFrom(forgeTime, -second) }),
  },
  {
    name: 'ocspFromFuture',
    title: 'a response of the next second',
    clause: 'RFC 6960 §3.2 (5)',
    change: (spec) => single(spec, { thisUpdate: daysFrom(forgeTime, second) }),
  },
  {
    name: 'ocspOfOtherSerial',
    title: 'a response about another serial number',
    clause: 'RFC 6960 §3.2 (1)',
    change: (spec) => single(spec, { serialNumber: 4711 }),
  },
  {
    name: 'ocspOfOtherIssuer',
    title: 'a response about the serial number of another CA',
    clause: 'RFC 6960 §4.1.1',
    change: (spec) => single(spec, { issuerKeyHash: new Uint8Array(20) }),
  },
  {
    name: 'ocspSignatureAltered',
    title: 'a response whose signature has lost a bit',
    clause: 'RFC 6960 §3.2 (2)',
    change: (spec) => ({ ...spec, alterSignature: flipBit(-9) }),
  },
  {
    name: 'ocspByAnyCertificate',
    title: 'a response by one whom the CA has certified for something else',
    clause: 'RFC 6960 §4.2.2.2',
    change: (spec, about) => answeredBy(spec, about, { purposes: [keyPurposes.serverAuth] }),
  },
  {
    name: 'ocspByResponderOfOtherCa',
    title: 'a response by the responder of another CA',
    clause: 'RFC 6960 §4.2.2.2',
    change: (spec, about) => answeredBy(spec, about, { issuer: forgeCa({ subject: 'Another CA' }) }),
  },
  {
    name: 'ocspByExpiredResponder',
    title: 'a response by a responder whose certificate has expired',
    clause: 'RFC 6960 §4.2.2.2, RFC 5280 §6.1.3 (a)(2)',
    change: (spec, about) => answeredBy(spec, about, { notAfter: daysFrom(forgeTime, -second) }),
  },
]

const list = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one as T])

export const revocationDefects: readonly ChainDefect[] = [
  ...crlRows.map(
    ({ name, title, clause, cause, lowest, highest, change }): ChainDefect => ({
      name,
      title,
      clause,
      cause: cause ?? 'revocation_unknown',
      // The lists of a CA with the name of its issuer are those of both.
      needs: { revocation: 'crls', noSelfIssued: true, ...(lowest === 1 && { intermediates: 1 }) },
      plant: {
        in: 'crl',
        ...(lowest !== undefined && { lowest }),
        ...(highest !== undefined && { highest }),
        change: (spec, about) => list(change(spec, about)),
      },
    }),
  ),
  ...ocspRows.map(
    ({ name, title, clause, cause, change }): ChainDefect => ({
      name,
      title,
      clause,
      cause: cause ?? 'revocation_unknown',
      needs: { revocation: 'ocsp' },
      plant: { in: 'ocsp', change: (spec, about) => list(change(spec, about)) },
    }),
  ),
]
