import { keyIdentifier } from '../../crypto/key-identifier.js'
import type { PublicKey } from '../../crypto/public-key.js'
import type { SignatureAlgorithm } from '../../crypto/algorithm-names.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import type { CertificateSpec } from '../../rules/profile/apply-profile.js'
import { encodeTbsCertificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints, type NameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { Name } from '../../x509/name.js'
import { type SerialNumber, serialNumberFromRandom } from '../../x509/serial-number.js'
import type { Deps } from '../deps.js'
import type { AssembledTbs, SigningCa } from '../stages.js'
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
  /** Where the CA has one already, which what it issued points to; else one is made of its key. */
  readonly subjectKeyIdentifier?: Uint8Array | undefined
}

/** 16 octets, of which 126 bits are random: twice what the Baseline Requirements ask for (§7.1), and short. */
const serialNumberOctets = 16

/** The TBSCertificate of an end entity (RFC 5280 §4.1.2): all from the profile, but what tells of the issuer. */
export function assembleTbs(spec: CertificateSpec, issuer: SigningCa, deps: Deps): AssembledTbs {
  const { authorityKeyIdentifier, distribution, issuerAddress } = issuerExtensions(issuer, deps.settings)
  const serialNumber = newSerialNumber(deps)
  const extensions = [
    authorityKeyIdentifier,
    subjectKeyIdentifierOf(spec.publicKey),
    ...spec.extensions,
    ...(spec.noRevocation ? issuerAddress : distribution(serialNumber)),
  ]
  const { subject, subjectAltNames, extendedKeyUsage, notBefore, notAfter, publicKey } = spec
  const named = { subject, notBefore, notAfter, publicKey, serialNumber, extensions }
  const { tbsDer } = encodeTbs(named, below(issuer))
  return { tbsDer, ...named, subjectAltNames, extendedKeyUsage, isCa: false }
}

/** The TBSCertificate of a CA below `issuer`. */
export function assembleCaTbs(spec: CaSpec, issuer: SigningCa, deps: Deps): AssembledTbs {
  const { authorityKeyIdentifier, distribution } = issuerExtensions(issuer, deps.settings)
  const serialNumber = newSerialNumber(deps)
  const extensions = [authorityKeyIdentifier, ...caExtensions(spec), ...distribution(serialNumber)]
  return {
    ...spec,
    subjectAltNames: [],
    isCa: true,
    ...encodeTbs({ ...spec, serialNumber, extensions }, below(issuer)),
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
  const content = { ...spec, serialNumber: newSerialNumber(deps), extensions: caExtensions(spec) }
  return {
    ...spec,
    subjectAltNames: [],
    isCa: true,
    ...encodeTbs(content, { name: spec.subject, signatureAlgorithm }),
  }
}

interface TbsContent extends Pick<CaSpec, 'subject' | 'notBefore' | 'notAfter' | 'publicKey'> {
  readonly serialNumber: SerialNumber
  readonly extensions: readonly Extension[]
}

interface Signer {
  readonly name: Name
  readonly signatureAlgorithm: SignatureAlgorithm
}

const below = ({ certificate, identity }: SigningCa): Signer => ({
  name: certificate.subject,
  signatureAlgorithm: identity.signatureAlgorithm,
})

const newSerialNumber = (deps: Deps): SerialNumber =>
  serialNumberFromRandom(deps.random.bytes(serialNumberOctets))

function encodeTbs(
  content: TbsContent,
  signer: Signer,
): Pick<AssembledTbs, 'tbsDer' | 'serialNumber' | 'extensions'> {
  const { serialNumber, notBefore, notAfter, subject, extensions } = content
  const tbsDer = encodeTbsCertificate({
    serialNumber,
    signatureAlgorithmDer: signatureAlgorithms[signer.signatureAlgorithm].identifierDer,
    issuer: signer.name,
    notBefore,
    notAfter,
    subject,
    spkiDer: content.publicKey.spkiDer,
    extensions,
  })
  return { tbsDer, serialNumber, extensions }
}

/**
 * RFC 5280 §4.2.1.9, §4.2.1.3. `digitalSignature` is there because a CA of ours answers OCSP with its own key (Baseline
 * Requirements §7.1.2.10.7 ask for the bit then).
 */
function caExtensions(spec: CaSpec): readonly Extension[] {
  const { pathLength, nameConstraints: constraints, extendedKeyUsage: purposes } = spec
  return [
    spec.subjectKeyIdentifier === undefined
      ? subjectKeyIdentifierOf(spec.publicKey)
      : createExtension(subjectKeyIdentifier, spec.subjectKeyIdentifier, { critical: false }),
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
