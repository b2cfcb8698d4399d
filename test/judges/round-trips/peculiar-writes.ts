import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509'
import type { CrlReason, KeyUsage } from '@certwright/core'
import { type AttributeReading, hexOf } from '../reading.js'
import type { PeerCertificate, PeerCrl, PeerExtensions, PeerRequest } from './arbitrary-peer-values.js'

const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' }

export async function peculiarWritesCertificate(
  given: PeerCertificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<Uint8Array> {
  const { serialNumber, notBefore, notAfter } = given
  const certificate = await X509CertificateGenerator.create({
    serialNumber,
    issuer: name(given.issuer),
    subject: name(given.subject),
    notBefore,
    notAfter,
    extensions: extensions(given),
    signingAlgorithm,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
  })
  return new Uint8Array(certificate.rawData)
}

export async function peculiarWritesRequest(
  given: PeerRequest,
  keys: webcrypto.CryptoKeyPair,
): Promise<Uint8Array> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: name(given.subject),
    extensions: extensions(given),
    signingAlgorithm,
    keys,
  })
  return new Uint8Array(request.rawData)
}

export async function peculiarWritesCrl(given: PeerCrl, keys: webcrypto.CryptoKeyPair): Promise<Uint8Array> {
  const crl = await X509CrlGenerator.create({
    issuer: name(given.issuer),
    thisUpdate: given.thisUpdate,
    nextUpdate: given.nextUpdate,
    entries: given.entries.map(({ serialNumber, revocationDate, reason, invalidityDate }) => ({
      serialNumber,
      revocationDate,
      reason: reasons[reason],
      ...(invalidityDate ? { invalidity: invalidityDate } : {}),
    })),
    signingAlgorithm,
    signingKey: keys.privateKey,
  })
  return new Uint8Array(crl.rawData)
}

const name = (attributes: readonly AttributeReading[]): Name =>
  new Name(attributes.map(([type, utf8String]) => ({ [type]: [{ utf8String }] })))

function extensions(given: PeerExtensions): Extension[] {
  const { pathLength } = given
  // The enum has names for single bits alone; a set of them is a number to TypeScript.
  const flags = given.usages.reduce<number>((set, usage) => set | usageFlags[usage], 0)
  return [
    new BasicConstraintsExtension(pathLength !== undefined, pathLength),
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a set of bits
    new KeyUsagesExtension(flags),
    new ExtendedKeyUsageExtension([...given.purposes]),
    new SubjectKeyIdentifierExtension(hexOf(given.keyIdentifier)),
    new AuthorityKeyIdentifierExtension(hexOf(given.keyIdentifier)),
    new SubjectAlternativeNameExtension([
      ...given.dns.map((value) => ({ type: 'dns' as const, value })),
      ...given.emails.map((value) => ({ type: 'email' as const, value })),
      ...given.addresses.map((value) => ({ type: 'ip' as const, value })),
    ]),
    new CRLDistributionPointsExtension([...given.crlUrls]),
    new AuthorityInfoAccessExtension({ ocsp: [...given.ocspUrls] }),
    new CertificatePolicyExtension([...given.policies]),
  ]
}

const usageFlags: Readonly<Record<KeyUsage, KeyUsageFlags>> = {
  digitalSignature: KeyUsageFlags.digitalSignature,
  contentCommitment: KeyUsageFlags.nonRepudiation,
  keyEncipherment: KeyUsageFlags.keyEncipherment,
  dataEncipherment: KeyUsageFlags.dataEncipherment,
  keyAgreement: KeyUsageFlags.keyAgreement,
  keyCertSign: KeyUsageFlags.keyCertSign,
  cRLSign: KeyUsageFlags.cRLSign,
  encipherOnly: KeyUsageFlags.encipherOnly,
  decipherOnly: KeyUsageFlags.decipherOnly,
}

const reasons: Readonly<Record<CrlReason, X509CrlReason>> = {
  ...X509CrlReason,
  caCompromise: X509CrlReason.cACompromise,
}
