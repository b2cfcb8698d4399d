import type { KeyAlgorithm, KeyFamily } from '../../crypto/algorithm-names.js'
import type { PublicKey } from '../../crypto/public-key.js'
import { PkiError } from '../../errors/pki-error.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { noRevAvail } from '../../x509/extensions/no-rev-avail.js'
import { ocspNoCheck } from '../../x509/extensions/ocsp-no-check.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { createName, type Name } from '../../x509/name.js'
import { checkNames, toGeneralName } from './check-names.js'
import type { SubjectNames } from './choose-names.js'
import type { Profile } from './profile.js'
import type { NameKind } from './requested-names.js'
import { decideValidity, type ValidityRequest } from './validity.js'

export interface ProfileRequest extends SubjectNames, ValidityRequest {
  readonly publicKey: PublicKey
}

/** All that a profile decides about one end-entity certificate. What comes from the issuer is not in it. */
export interface CertificateSpec {
  readonly profile: string
  readonly subject: Name
  /** Whole seconds. */
  readonly notBefore: Date
  /** Whole seconds, inclusive. */
  readonly notAfter: Date
  readonly publicKey: PublicKey
  readonly keyAlgorithm: KeyAlgorithm
  /** Without those that name the issuer or its services: key identifiers, CRL distribution points, information access. */
  readonly extensions: readonly Extension[]
  /** What the subjectAltName in `extensions` holds; empty where there is none. */
  readonly subjectAltNames: readonly GeneralName[]
  /** OIDs; what the extendedKeyUsage in `extensions` holds. */
  readonly extendedKeyUsage: readonly string[]
  /** RFC 9608: it names no CRL and no OCSP responder. */
  readonly noRevocation: boolean
  /** Empty where the subject has none. */
  readonly commonName: string
  readonly sanDns: readonly string[]
  /** Text as in RFC 5952. */
  readonly sanIp: readonly string[]
  readonly sanEmail: readonly string[]
  readonly sanUri: readonly string[]
}

/**
 * Fix what a certificate will say: subject, names, validity and the extensions that follow from the profile.
 * Pure.
 *
 * @throws {PkiError} `profile_refused` (the key), `name_refused`, `request_too_large` (names),
 *   `validity_refused`
 */
export function applyProfile(profile: Profile, request: ProfileRequest): CertificateSpec {
  const { publicKey } = request
  const keyAlgorithm = requireKeyAlgorithm(profile, publicKey)
  const { commonName, names } = checkNames(profile, request)
  const subject = createName({ ...profile.subject, commonName })
  const subjectAltNames = names.map(toGeneralName)
  const { notBefore, notAfter } = decideValidity(profile, request)
  const texts = (kind: NameKind): string[] =>
    names.filter((name) => name.kind === kind).map(({ text }) => text)
  return {
    profile: profile.name,
    subject,
    notBefore,
    notAfter,
    publicKey,
    keyAlgorithm,
    extensions: profileExtensions(profile, publicKey, subject, subjectAltNames),
    subjectAltNames,
    extendedKeyUsage: profile.extendedKeyUsage,
    noRevocation: profile.noRevocation,
    commonName: commonName ?? '',
    sanDns: texts('dns'),
    sanIp: texts('ip'),
    sanEmail: texts('email'),
    sanUri: texts('uri'),
  }
}

/** @throws {PkiError} `profile_refused`: not with this type of key */
export function requireKeyAlgorithm(
  profile: Profile,
  { keyAlgorithm, family, bits }: Pick<PublicKey, 'keyAlgorithm' | 'family' | 'bits'>,
): KeyAlgorithm {
  if (keyAlgorithm !== undefined && profile.keyAlgorithms.includes(keyAlgorithm)) return keyAlgorithm
  const item = keyAlgorithm ?? `${family}-${bits}`
  const state = `does not allow ${item} keys; use one of ${profile.keyAlgorithms.join(', ')}`
  const message = `Cannot issue certificate: profile "${profile.name}" ${state}`
  throw new PkiError('profile_refused', message, { profile: profile.name, item })
}

function profileExtensions(
  profile: Profile,
  publicKey: PublicKey,
  subject: Name,
  subjectAltNames: readonly GeneralName[],
): readonly Extension[] {
  const { usages, others } = fixedExtensions(profile, publicKey.family)
  if (subjectAltNames.length === 0) return [...usages, ...others]
  // §4.2.1.6: critical if and only if it alone names the subject.
  const critical = subject.rdns.length === 0
  return [...usages, createExtension(subjectAltName, subjectAltNames, { critical }), ...others]
}

/** What stands before and behind the names, the same in all certificates of a profile and a family of keys. */
interface FixedExtensions {
  readonly usages: readonly Extension[]
  readonly others: readonly Extension[]
}

const fixed = new WeakMap<Profile, Map<KeyFamily, FixedExtensions>>()

function fixedExtensions(profile: Profile, family: KeyFamily): FixedExtensions {
  const ofProfile = fixed.get(profile) ?? new Map<KeyFamily, FixedExtensions>()
  const known = ofProfile.get(family)
  if (known) return known
  const encoded = encodeFixedExtensions(profile, family)
  fixed.set(profile, ofProfile.set(family, encoded))
  return encoded
}

function encodeFixedExtensions(profile: Profile, family: KeyFamily): FixedExtensions {
  const usages = [
    // RFC 5280 §4.2.1.9 lets end entities go without it. Written, it is the plain statement that this is no CA.
    createExtension(basicConstraints, { isCa: false }, { critical: true }),
    createExtension(keyUsage, profile.keyUsage[family], { critical: true }),
    createExtension(extendedKeyUsage, profile.extendedKeyUsage, {
      critical: profile.extendedKeyUsageCritical,
    }),
  ]
  const policies = profile.certificatePolicies.map((policyIdentifier) => ({
    policyIdentifier,
    qualifiers: [],
  }))
  return {
    usages,
    others: [
      ...(policies.length > 0 ? [createExtension(certificatePolicies, policies, { critical: false })] : []),
      ...(profile.noRevocation ? [createExtension(noRevAvail, true, { critical: false })] : []),
      ...(profile.ocspNoCheck ? [createExtension(ocspNoCheck, true, { critical: false })] : []),
    ],
  }
}
