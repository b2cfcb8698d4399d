import {
  accessMethods,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  cRLDistributionPoints,
  crlEntries,
  type Extension,
  extendedKeyUsage,
  findExtension,
  findSignatureAlgorithm,
  type GeneralName,
  keyUsage,
  type Name,
  parseCertificate,
  parseCertificateRequest,
  parseCrl,
  parsePublicKey,
  platformCrypto,
  subjectAltName,
  subjectKeyIdentifier,
  verifySignature,
} from '@certwright/core'
import type { AttributeReading } from '../reading.js'
import type { PeerCertificate, PeerCrl, PeerExtensions, PeerRequest } from './arbitrary-peer-values.js'

/* What we find in what another library has encoded, in the form of what it was given; the signature is verified too. */

export async function readPeerCertificate(der: Uint8Array, spkiDer: Uint8Array): Promise<PeerCertificate> {
  const certificate = parseCertificate(der)
  await requireSignature(certificate, spkiDer)
  const { serialNumber, issuer, subject, notBefore, notAfter, extensions } = certificate
  return {
    serialNumber,
    issuer: attributesOf(issuer),
    subject: attributesOf(subject),
    notBefore,
    notAfter,
    ...readExtensions(extensions),
  }
}

export async function readPeerRequest(der: Uint8Array): Promise<PeerRequest> {
  const request = parseCertificateRequest(der)
  await requireSignature(request, request.spkiDer)
  return { subject: attributesOf(request.subject), ...readExtensions(request.extensions) }
}

export async function readPeerCrl(der: Uint8Array, spkiDer: Uint8Array): Promise<PeerCrl> {
  const crl = parseCrl(der)
  await requireSignature(crl, spkiDer)
  const { issuer, thisUpdate, nextUpdate } = crl
  return {
    issuer: attributesOf(issuer),
    thisUpdate,
    nextUpdate: nextUpdate as Date,
    entries: [...crlEntries(crl)].map(({ serialNumber, revocationDate, reason, invalidityDate }) => ({
      serialNumber,
      revocationDate,
      reason: reason as PeerCrl['entries'][number]['reason'],
      invalidityDate,
    })),
  }
}

async function requireSignature(
  signed: { tbsDer: Uint8Array; signatureAlgorithmDer: Uint8Array; signature: Uint8Array },
  spkiDer: Uint8Array,
): Promise<void> {
  const isVerified = await verifySignature(platformCrypto, {
    algorithm: findSignatureAlgorithm(signed.signatureAlgorithmDer),
    publicKey: parsePublicKey(spkiDer),
    message: signed.tbsDer,
    signature: signed.signature,
  })
  if (!isVerified) throw new Error('the signature of another library does not verify')
}

function readExtensions(extensions: readonly Extension[]): PeerExtensions {
  const names = findExtension(extensions, subjectAltName) ?? []
  const points = findExtension(extensions, cRLDistributionPoints) ?? []
  const access = findExtension(extensions, authorityInfoAccess) ?? []
  const keyIdentifier = findExtension(extensions, authorityKeyIdentifier)?.keyIdentifier as Uint8Array
  const subjectKey = findExtension(extensions, subjectKeyIdentifier) as Uint8Array
  if (Buffer.compare(keyIdentifier, subjectKey) !== 0) throw new Error('the two key identifiers differ')
  return {
    pathLength: findExtension(extensions, basicConstraints)?.pathLength,
    usages: findExtension(extensions, keyUsage) ?? [],
    purposes: findExtension(extensions, extendedKeyUsage) ?? [],
    keyIdentifier,
    dns: textsOf(names, 'dns'),
    emails: textsOf(names, 'email'),
    addresses: names.flatMap((name) => (name.type === 'ip' ? [name.address.join('.')] : [])),
    crlUrls: points.flatMap(({ distributionPoint }) =>
      distributionPoint?.type === 'fullName' ? textsOf(distributionPoint.names, 'uri') : [],
    ),
    ocspUrls: textsOf(
      access
        .filter(({ accessMethod }) => accessMethod === accessMethods.ocsp)
        .map((one) => one.accessLocation),
      'uri',
    ),
    policies: (findExtension(extensions, certificatePolicies) ?? []).map((policy) => policy.policyIdentifier),
  }
}

const textsOf = (names: readonly GeneralName[], type: 'dns' | 'email' | 'uri'): string[] =>
  names.flatMap((name) => (name.type === type ? [name.value] : []))

const attributesOf = ({ rdns }: Name): AttributeReading[] =>
  rdns.flat().map(({ type, value }) => [type, value] as const)
