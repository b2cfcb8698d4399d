import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import {
  cRLDistributionPoints,
  crlEntries,
  invalidityDate,
  issuingDistributionPoint,
  nameConstraints,
  parseCertificate,
  parseCrl,
  parseName,
  type PkiErrorCode,
  subjectAltName,
} from '@certwright/core'
import { X509CertificateGenerator, X509CrlGenerator, type X509CrlEntryParams } from '@peculiar/x509'
import { BitString, Constructed, GeneralizedTime, Null, ObjectIdentifier, Sequence, Utf8String } from 'asn1js'
import {
  AltName,
  AttributeTypeAndValue,
  CRLDistributionPoints,
  DistributionPoint,
  GeneralName,
  GeneralSubtree,
  IssuingDistributionPoint,
  NameConstraints,
  RelativeDistinguishedNames,
} from 'pkijs'

/*
 * What pkijs 4.0.0 and @peculiar/x509 2.2.0 encode against X.690 or RFC 5280, and we therefore refuse. A row that we no
 * longer refuse, because the peer has been mended or we have become lax, fails.
 */

export interface PeerFault {
  readonly fault: string
  readonly code: PkiErrorCode
  readonly decode: (keys: webcrypto.CryptoKeyPair) => unknown
}

const octets = (value: { toSchema(): { toBER(): ArrayBuffer } }): Uint8Array =>
  new Uint8Array(value.toSchema().toBER())

const uri = new GeneralName({ type: 6, value: 'http://pki.example.org/' })
const name = new RelativeDistinguishedNames({
  typesAndValues: [
    new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: 'Example' }) }),
  ],
})
const points = (point: DistributionPoint): Uint8Array =>
  octets(new CRLDistributionPoints({ distributionPoints: [point] }))

/** What an otherName is: two elements, of which pkijs has room for one. */
const otherName = new Sequence({
  value: [
    new ObjectIdentifier({ value: '1.2.3.4' }),
    new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [new Null()] }),
  ],
})

const pkijsFaults: readonly PeerFault[] = [
  {
    fault: 'an empty name has one level without attributes (RFC 5280 §4.1.2.4: SIZE (1..MAX))',
    code: 'invalid_structure',
    decode: () => parseName(octets(new RelativeDistinguishedNames())),
  },
  {
    fault: 'a GeneralizedTime has fractions of a second (RFC 5280 §4.1.2.5.2)',
    code: 'invalid_der',
    decode: () => {
      const time = new GeneralizedTime({ valueDate: new Date('2051-01-02T03:04:05.678Z') })
      return invalidityDate.decode(new Uint8Array(time.toBER()))
    },
  },
  {
    fault: 'the minimum of a subtree is EXPLICIT (RFC 5280 appendix A.2: IMPLICIT TAGS)',
    code: 'invalid_der',
    decode: () => {
      const permittedSubtrees = [new GeneralSubtree({ base: uri, minimum: 1 })]
      return nameConstraints.decode(octets(new NameConstraints({ permittedSubtrees })))
    },
  },
  {
    fault: 'onlySomeReasons has no octet of unused bits (X.690 §8.6.2)',
    code: 'invalid_der',
    decode: () =>
      issuingDistributionPoint.decode(octets(new IssuingDistributionPoint({ onlySomeReasons: 0x40 }))),
  },
  {
    fault: 'the reasons of a distribution point have no octet of unused bits (X.690 §8.6.2)',
    code: 'invalid_der',
    decode: () => {
      const reasons = new BitString({ valueHex: Uint8Array.of(0x40).buffer, unusedBits: 6 })
      return cRLDistributionPoints.decode(points(new DistributionPoint({ cRLIssuer: [uri], reasons })))
    },
  },
  {
    fault: 'a nameRelativeToCRLIssuer is a whole name (RFC 5280 §4.2.1.13)',
    code: 'invalid_der',
    decode: () => cRLDistributionPoints.decode(points(new DistributionPoint({ distributionPoint: name }))),
  },
  {
    fault: 'an otherName is in a SEQUENCE within its tag (RFC 5280 §4.2.1.6)',
    code: 'invalid_der',
    decode: () =>
      subjectAltName.decode(
        octets(new AltName({ altNames: [new GeneralName({ type: 0, value: otherName })] })),
      ),
  },
]

const day = new Date('2026-01-02T03:04:05Z')

async function peculiarEntries(
  entry: Partial<X509CrlEntryParams>,
  { privateKey }: webcrypto.CryptoKeyPair,
): Promise<unknown> {
  const crl = await X509CrlGenerator.create({
    issuer: 'CN=Example',
    thisUpdate: day,
    nextUpdate: day,
    entries: [{ serialNumber: '01', revocationDate: day, ...entry }],
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    signingKey: privateKey,
  })
  return [...crlEntries(parseCrl(new Uint8Array(crl.rawData)))]
}

const peculiarFaults: readonly PeerFault[] = [
  {
    fault: 'a certificate without extensions has an empty list (RFC 5280 §4.1: SIZE (1..MAX))',
    code: 'invalid_structure',
    decode: async ({ publicKey, privateKey }) => {
      const certificate = await X509CertificateGenerator.create({ publicKey, signingKey: privateKey })
      return parseCertificate(new Uint8Array(certificate.rawData))
    },
  },
  {
    fault: 'a CRL entry without a reason has an empty list of extensions (RFC 5280 §5.1: SIZE (1..MAX))',
    code: 'invalid_structure',
    decode: (keys) => peculiarEntries({}, keys),
  },
  {
    fault: 'a certificateIssuer is a Name where GeneralNames are due (RFC 5280 §5.3.3)',
    code: 'invalid_structure',
    decode: (keys) => peculiarEntries({ issuer: 'CN=Example' }, keys),
  },
  {
    fault: 'an invalidityDate has fractions of a second (RFC 5280 §5.3.2)',
    code: 'invalid_structure',
    decode: (keys) => peculiarEntries({ invalidity: new Date(5) }, keys),
  },
]

export const peerFaults: readonly (PeerFault & { readonly peer: string })[] = [
  ...pkijsFaults.map((row) => ({ peer: 'pkijs', ...row })),
  ...peculiarFaults.map((row) => ({ peer: '@peculiar/x509', ...row })),
]
