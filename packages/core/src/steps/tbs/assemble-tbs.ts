import { keyIdentifier } from '../../crypto/key-identifier.js'
import type { PublicKey } from '../../crypto/public-key.js'
import type { SignatureAlgorithm } from '../../crypto/algorithm-names.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import type { CertificateSpec } from '../../rules/profile/apply-profile.js'
import { type Certificate, encodeTbsCertificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints, type NameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { Name } from '../../x509/name.js'
import { type SerialNumber, serialNumberFromRandom } from '../../x509/serial-number.js'
import type { Deps } from '../deps.js'
import type { AssembledTbs, Issuer } from '../stages.js'
import { issuerExtensions } from './issuer-extensions.js'

/** A CA certificate, as the operator wants it. */
export interface CaSpec {
  readonly subject: Name
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: PublicKey
  readonly pathLength?: number | undefined
  readonly extendedKeyUsage?: readonly string[] | undefined
  readonly nameConstraints?: NameConstraints | undefined
}

/** 16 octets, of which 126 bits are random: twice what the Baseline Requirements ask for (§7.1), and short. */
const serialNumberOctets = 16

/** The TBSCertificate of an end entity (RFC 5280 §4.1.2): all from the profile, but what tells of the issuer. */
export function assembleTbs(spec: CertificateSpec, issuer: Issuer, deps: Deps): AssembledTbs {
  const { authorityKeyIdentifier, distribution, issuerAddress } = issuerExtensions(issuer, deps.settings)
  const extensions = [
    authorityKeyIdentifier,
    subjectKeyIdentifierOf(spec.publicKey),
    ...spec.extensions,
    ...(spec.noRevocation ? issuerAddress : distribution),
  ]
  return {
    ...spec,
    isCa: false,
    ...encodeTbs(spec, extensions, issuer.certificate.subject, issuer.identity.signatureAlgorithm, deps),
  }
}

/** The TBSCertificate of a CA below `issuer`. */
export function assembleCaTbs(spec: CaSpec, issuer: Issuer, deps: Deps): AssembledTbs {
  const { authorityKeyIdentifier, distribution } = issuerExtensions(issuer, deps.settings)
  const extensions = [authorityKeyIdentifier, ...caExtensions(spec), ...distribution]
  return {
    ...spec,
    subjectAltNames: [],
    isCa: true,
    ...encodeTbs(spec, extensions, issuer.certificate.subject, issuer.identity.signatureAlgorithm, deps),
  }
}

/**
 * The TBSCertificate of a root: its own issuer. Nothing points at a CRL or a responder, since a root that is no longer
 * trusted is taken out of trust stores.
 */
export function assembleRootTbs(
  spec: CaSpec,
  signatureAlgorithm: SignatureAlgorithm,
  deps: Deps,
): AssembledTbs {
  return {
    ...spec,
    subjectAltNames: [],
    isCa: true,
    ...encodeTbs(spec, caExtensions(spec), spec.subject, signatureAlgorithm, deps),
  }
}

function encodeTbs(
  spec: Pick<CaSpec, 'subject' | 'notBefore' | 'notAfter' | 'publicKey'>,
  extensions: readonly Extension[],
  issuerName: Certificate['subject'],
  signatureAlgorithm: SignatureAlgorithm,
  deps: Deps,
): { tbsDer: Uint8Array; serialNumber: SerialNumber } {
  const serialNumber = serialNumberFromRandom(deps.random.bytes(serialNumberOctets))
  const tbsDer = encodeTbsCertificate({
    serialNumber,
    signatureAlgorithmDer: signatureAlgorithms[signatureAlgorithm].identifierDer,
    issuer: issuerName,
    notBefore: spec.notBefore,
    notAfter: spec.notAfter,
    subject: spec.subject,
    spkiDer: spec.publicKey.spkiDer,
    extensions,
  })
  return { tbsDer, serialNumber }
}

/**
 * RFC 5280 §4.2.1.9, §4.2.1.3. `digitalSignature` is there because a CA of ours answers OCSP with its own key (Baseline
 * Requirements §7.1.2.10.7 ask for the bit then).
 */
function caExtensions(spec: CaSpec): readonly Extension[] {
  const { pathLength, nameConstraints: constraints, extendedKeyUsage: purposes } = spec
  return [
    subjectKeyIdentifierOf(spec.publicKey),
    createExtension(
      basicConstraints,
      { isCa: true, ...(pathLength !== undefined && { pathLength }) },
      { critical: true },
    ),
    createExtension(keyUsage, ['digitalSignature', 'keyCertSign', 'cRLSign'], { critical: true }),
    ...(purposes === undefined ? [] : [createExtension(extendedKeyUsage, purposes, { critical: false })]),
    ...(constraints === undefined ? [] : [createExtension(nameConstraints, constraints, { critical: true })]),
  ]
}

const subjectKeyIdentifierOf = (publicKey: PublicKey): Extension =>
  createExtension(subjectKeyIdentifier, keyIdentifier(publicKey.keyBits), { critical: false })
