import { webcrypto } from 'node:crypto'
import { accessMethods } from '@certwright/core'
import { BitString, Enumerated, GeneralizedTime, Integer, OctetString, Utf8String } from 'asn1js'
import {
  AccessDescription,
  AltName,
  Attribute,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CertificatePolicies,
  CertificateRevocationList,
  CertificationRequest,
  CRLDistributionPoints,
  CryptoEngine,
  DistributionPoint,
  Extension,
  Extensions,
  ExtKeyUsage,
  GeneralName,
  InfoAccess,
  PolicyInformation,
  RelativeDistinguishedNames,
  RevokedCertificate,
  Time,
  TimeType,
} from 'pkijs'
import { crlReasonNumbers } from '../../../packages/core/src/x509/crl-reason.js'
import { keyUsages } from '../../../packages/core/src/x509/extensions/key-usage.js'
import type { AttributeReading } from '../reading.js'
import type { PeerCertificate, PeerCrl, PeerExtensions, PeerRequest } from './arbitrary-peer-values.js'

const engine = new CryptoEngine({ name: 'node', crypto: webcrypto as Crypto })

export async function pkijsWritesCertificate(
  given: PeerCertificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<Uint8Array> {
  const certificate = new Certificate({
    version: 2,
    serialNumber: integer(given.serialNumber),
    issuer: name(given.issuer),
    subject: name(given.subject),
    notBefore: time(given.notBefore),
    notAfter: time(given.notAfter),
    extensions: extensions(given),
  })
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey, engine)
  await certificate.sign(keys.privateKey, 'SHA-256', engine)
  return new Uint8Array(certificate.toSchema(true).toBER())
}

export async function pkijsWritesRequest(
  given: PeerRequest,
  keys: webcrypto.CryptoKeyPair,
): Promise<Uint8Array> {
  const asked = new Extensions({ extensions: extensions(given) })
  const request = new CertificationRequest({
    version: 0,
    subject: name(given.subject),
    attributes: [new Attribute({ type: '1.2.840.113549.1.9.14', values: [asked.toSchema()] })],
  })
  await request.subjectPublicKeyInfo.importKey(keys.publicKey, engine)
  await request.sign(keys.privateKey, 'SHA-256', engine)
  return new Uint8Array(request.toSchema(true).toBER())
}

export async function pkijsWritesCrl(given: PeerCrl, keys: webcrypto.CryptoKeyPair): Promise<Uint8Array> {
  const crl = new CertificateRevocationList({
    version: 1,
    issuer: name(given.issuer),
    thisUpdate: time(given.thisUpdate),
    nextUpdate: time(given.nextUpdate),
  })
  if (given.entries.length > 0) {
    crl.revokedCertificates = given.entries.map(
      ({ serialNumber, revocationDate, reason, invalidityDate }) =>
        new RevokedCertificate({
          userCertificate: integer(serialNumber),
          revocationDate: time(revocationDate),
          crlEntryExtensions: new Extensions({
            extensions: [
              extension('2.5.29.21', new Enumerated({ value: crlReasonNumbers[reason] })),
              ...(invalidityDate
                ? [extension('2.5.29.24', new GeneralizedTime({ valueDate: invalidityDate }))]
                : []),
            ],
          }),
        }),
    )
  }
  await crl.sign(keys.privateKey, 'SHA-256', engine)
  return new Uint8Array(crl.toSchema(true).toBER())
}

/** pkijs leaves the choice of the type (RFC 5280 §4.1.2.5) to its user. */
const time = (value: Date): Time =>
  new Time({ type: value.getUTCFullYear() < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime, value })

/** asn1js writes the octets as they are: the sign octet is for the user to put in front. */
const integer = (hex: string): Integer =>
  new Integer({ valueHex: Uint8Array.from(Buffer.from(hex < '8' ? hex : `00${hex}`, 'hex')).buffer })

/** All in one level: pkijs knows no others. */
const name = (attributes: readonly AttributeReading[]): RelativeDistinguishedNames =>
  new RelativeDistinguishedNames({
    typesAndValues: attributes.map(
      ([type, value]) => new AttributeTypeAndValue({ type, value: new Utf8String({ value }) }),
    ),
  })

interface Writable {
  toBER(): ArrayBuffer
}

const extension = (extnID: string, value: Writable): Extension =>
  new Extension({ extnID, extnValue: value.toBER() })

const structured = (extnID: string, value: { toSchema(): Writable }): Extension =>
  extension(extnID, value.toSchema())

const uri = (value: string): GeneralName => new GeneralName({ type: 6, value })

function extensions(given: PeerExtensions): Extension[] {
  const keyIdentifier = new OctetString({ valueHex: Uint8Array.from(given.keyIdentifier).buffer })
  const { pathLength } = given
  return [
    structured(
      '2.5.29.19',
      new BasicConstraints({
        cA: pathLength !== undefined,
        ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
      }),
    ),
    extension('2.5.29.15', usageBits(given)),
    structured('2.5.29.37', new ExtKeyUsage({ keyPurposes: [...given.purposes] })),
    extension('2.5.29.14', keyIdentifier),
    structured('2.5.29.35', new AuthorityKeyIdentifier({ keyIdentifier })),
    structured('2.5.29.17', new AltName({ altNames: altNames(given) })),
    structured(
      '2.5.29.31',
      new CRLDistributionPoints({
        distributionPoints: given.crlUrls.map(
          (url) => new DistributionPoint({ distributionPoint: [uri(url)] }),
        ),
      }),
    ),
    structured(
      '1.3.6.1.5.5.7.1.1',
      new InfoAccess({
        accessDescriptions: given.ocspUrls.map(
          (url) => new AccessDescription({ accessMethod: accessMethods.ocsp, accessLocation: uri(url) }),
        ),
      }),
    ),
    structured(
      '2.5.29.32',
      new CertificatePolicies({
        certificatePolicies: given.policies.map(
          (policyIdentifier) => new PolicyInformation({ policyIdentifier }),
        ),
      }),
    ),
  ]
}

/** The bits are for the user to lay out. */
function usageBits({ usages }: PeerExtensions): BitString {
  const bits = usages.map((usage) => keyUsages.indexOf(usage))
  const highest = Math.max(...bits)
  const octets = new Uint8Array((highest >> 3) + 1)
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] as number) | (0x80 >> (bit & 7))
  return new BitString({ valueHex: octets.buffer, unusedBits: 7 - (highest & 7) })
}

const altNames = ({ dns, emails, addresses }: PeerExtensions): GeneralName[] => [
  ...dns.map((value) => new GeneralName({ type: 2, value })),
  ...emails.map((value) => new GeneralName({ type: 1, value })),
  ...addresses.map(
    (value) =>
      new GeneralName({
        type: 7,
        value: new OctetString({ valueHex: Uint8Array.from(value.split('.').map(Number)).buffer }),
      }),
  ),
]
