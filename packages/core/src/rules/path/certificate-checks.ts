import type { PublicKey } from '../../crypto/public-key.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { findSignatureAlgorithm } from '../../crypto/signature-algorithms.js'
import { toWholeSeconds } from '../../asn1/time.js'
import { isPkiError } from '../../errors/pki-error.js'
import type { Certificate } from '../../x509/certificate.js'
import { findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { keyPurposeOf, keyPurposes } from '../../x509/key-purposes.js'
import { namesMatch } from '../../x509/name.js'
import { isIdentifiedBy } from './identity/service-identity.js'
import type { PathRole, PathSettings } from './path-settings.js'
import { unprocessableExtension } from './processed-extensions.js'
import { type ValidationFault, validationFault } from './validation-fault.js'

/*
 * What can be said of one certificate without looking at its path. A certificate that fails here is on no valid path, so
 * the search asks this before it spends a signature.
 */

export const isSelfIssued = (certificate: Pick<Certificate, 'subject' | 'issuer'>): boolean =>
  namesMatch(certificate.subject, certificate.issuer)

/** A key that can be read, and used on a path. */
export type KeyOf = (certificate: Certificate) => PublicKey | undefined

/** Keys are parsed once in a run. */
export function keyReader(): KeyOf {
  const known = new Map<Certificate, PublicKey | undefined>()
  return (certificate) => {
    if (!known.has(certificate)) known.set(certificate, readKey(certificate))
    return known.get(certificate)
  }
}

function readKey(certificate: Certificate): PublicKey | undefined {
  try {
    return parsePublicKey(certificate.spkiDer)
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}

/** The first fault of a certificate in its role; `undefined`: none. */
export function certificateFault(
  certificate: Certificate,
  at: { readonly role: PathRole; readonly depth: number },
  settings: PathSettings,
  keyOf: KeyOf,
): ValidationFault | undefined {
  const { role, depth } = at
  const on = { certificate, depth }
  if (role === 'trustAnchor') return anchorFault(on, settings, keyOf)
  return (
    timeFault(on, settings) ??
    criticalExtensionFault(on) ??
    algorithmFault(on, settings) ??
    keyFault(on, settings, keyOf) ??
    (role === 'endEntity' ? endEntityFault(on, settings) : issuerFault(on)) ??
    purposeFault(on, role, settings) ??
    ruleFault(on, role, settings)
  )
}

interface On {
  readonly certificate: Certificate
  readonly depth: number
}

/** RFC 5280 §6.1.1 (d) takes no more of an anchor than name and key; the settings say what else counts. */
function anchorFault(on: On, settings: PathSettings, keyOf: KeyOf): ValidationFault | undefined {
  const { expiry, constraints, basicConstraints: mustBeCa } = settings.anchor
  return (
    (expiry ? timeFault(on, settings) : undefined) ??
    (mustBeCa && findExtension(on.certificate.extensions, basicConstraints) === undefined
      ? validationFault('not_a_ca', on, 'is a trust anchor and does not say that it is a CA')
      : undefined) ??
    (constraints ? (criticalExtensionFault(on) ?? anchorUsageFault(on)) : undefined) ??
    keyFault(on, settings, keyOf) ??
    (constraints ? purposeFault(on, 'trustAnchor', settings) : undefined) ??
    ruleFault(on, 'trustAnchor', settings)
  )
}

/** §6.1.3 (a)(2). A certificate is valid through the whole of its last second (§4.1.2.5). */
function timeFault({ certificate, depth }: On, { at }: PathSettings): ValidationFault | undefined {
  const now = Math.floor(at.getTime() / 1000) * 1000
  const { notBefore, notAfter } = certificate
  if (now < notBefore.getTime()) {
    const state = `is not valid before ${iso(notBefore)}; it was validated at ${iso(at)}`
    return validationFault('not_yet_valid', { certificate, depth }, state)
  }
  if (now <= notAfter.getTime()) return undefined
  const state = `expired at ${iso(notAfter)}; it was validated at ${iso(at)}`
  return validationFault('expired', { certificate, depth }, state)
}

const iso = (time: Date): string =>
  Number.isNaN(time.getTime()) ? 'an invalid time' : toWholeSeconds(time).toISOString().replace('.000Z', 'Z')

/** §6.1.4 (o), §6.1.5 (f); and of critical policies the qualifiers, which §4.2.1.4 has processed or refused. */
function criticalExtensionFault(on: On): ValidationFault | undefined {
  const { certificate } = on
  const oid = unprocessableExtension(certificate) ?? unprocessableQualifier(certificate)
  if (oid === undefined) return undefined
  return validationFault(
    'unprocessable_extension',
    on,
    `has the critical extension ${oid}, which is not processed`,
  )
}

function unprocessableQualifier({ extensions }: Certificate): string | undefined {
  const isCritical = extensions.some(({ oid, critical }) => critical && oid === certificatePolicies.oid)
  if (!isCritical) return undefined
  const qualifiers = findExtension(extensions, certificatePolicies)?.flatMap((policy) => policy.qualifiers)
  const hasUnknown = qualifiers?.some(({ type }) => type === 'unknown') === true
  return hasUnknown ? `${certificatePolicies.oid} with a qualifier of an unknown type` : undefined
}

/**
 * A signature that nobody can verify, or not trust any more: MD5 has no row in the table of
 * algorithms, and SHA-1 one for those who ask. That of a trust anchor on itself proves nothing and is not looked at.
 */
function algorithmFault(on: On, settings: PathSettings): ValidationFault | undefined {
  try {
    findSignatureAlgorithm(on.certificate.signatureAlgorithmDer, settings)
    return undefined
  } catch (error) {
    if (!isPkiError(error)) throw error
    return validationFault('weak_signature', on, `has a signature that is not accepted: ${error.message}`)
  }
}

function keyFault(on: On, settings: PathSettings, keyOf: KeyOf): ValidationFault | undefined {
  const key = keyOf(on.certificate)
  if (key === undefined)
    return validationFault('weak_key', on, 'has a key that is malformed or of an unknown type')
  const isRsa = key.family === 'RSA' || key.family === 'RSA-PSS'
  if (!isRsa || key.bits >= settings.minimumRsaBits) return undefined
  const state = `has an RSA key of ${key.bits} bits where ${settings.minimumRsaBits} are required`
  return validationFault('weak_key', on, state)
}

/** §6.1.4 (k), (n). */
function issuerFault(on: On): ValidationFault | undefined {
  const { extensions, version } = on.certificate
  if (version !== 3 || findExtension(extensions, basicConstraints)?.isCa !== true) {
    return validationFault('not_a_ca', on, 'is not a CA (basicConstraints)')
  }
  return certSignFault(on)
}

/** RFC 5937 §3.2: what an anchor says of itself binds; one of version 1 says nothing. */
function anchorUsageFault(on: On): ValidationFault | undefined {
  const constraints = findExtension(on.certificate.extensions, basicConstraints)
  if (constraints?.isCa === false) {
    return validationFault('not_a_ca', on, 'is not a CA (basicConstraints)')
  }
  return certSignFault(on)
}

function certSignFault(on: On): ValidationFault | undefined {
  const usages = findExtension(on.certificate.extensions, keyUsage)
  if (usages === undefined || usages.includes('keyCertSign')) return undefined
  return validationFault(
    'key_cert_sign_missing',
    on,
    'may not sign certificates (keyUsage without keyCertSign)',
  )
}

function endEntityFault(on: On, settings: PathSettings): ValidationFault | undefined {
  const { certificate } = on
  const { identities, keyUsages } = settings
  if (identities.length > 0 && !identities.some((identity) => isIdentifiedBy(certificate, identity))) {
    const wanted = identities.map(({ value }) => `"${value}"`).join(', ')
    return validationFault('identity_mismatch', on, `is not for ${wanted} (subjectAltName)`)
  }
  const usages = findExtension(certificate.extensions, keyUsage)
  const missing = usages && keyUsages.filter((usage) => !usages.includes(usage))
  if (missing === undefined || missing.length === 0) return undefined
  return validationFault('key_usage_refused', on, `may not be used for ${missing.join(', ')} (keyUsage)`)
}

/**
 * Of an end entity §4.2.1.12. In a CA the RFC gives extendedKeyUsage no meaning for what is below; Windows, NSS, Go,
 * OpenSSL and CA/B do: the CA may issue for these purposes and no other.
 */
function purposeFault(on: On, role: PathRole, settings: PathSettings): ValidationFault | undefined {
  const { purposes, requirePurpose } = settings
  const allowed = findExtension(on.certificate.extensions, extendedKeyUsage) ?? [
    keyPurposes.anyExtendedKeyUsage,
  ]
  const mustBeNamed = requirePurpose && role === 'endEntity'
  if (!mustBeNamed && allowed.includes(keyPurposes.anyExtendedKeyUsage)) return undefined
  const refused = purposes.filter((oid) => !allowed.includes(oid)).map((oid) => keyPurposeOf(oid) ?? oid)
  if (refused.length === 0) return undefined
  const names = allowed.map((oid) => keyPurposeOf(oid) ?? oid).join(', ')
  return role === 'endEntity'
    ? validationFault('purpose_refused', on, `is for ${names}, not for ${refused.join(', ')}`)
    : validationFault('purpose_not_nested', on, `may issue for ${names}, not for ${refused.join(', ')}`)
}

function ruleFault(on: On, role: PathRole, { rules }: PathSettings): ValidationFault | undefined {
  for (const rule of rules) {
    const broken = rule(on.certificate, role)
    if (broken === undefined) continue
    const fault = validationFault('rule_broken', on, broken.state, broken.clause)
    return broken.unlessSelfSigned === true ? { ...fault, unlessSelfSigned: true } : fault
  }
  return undefined
}
