import { allRules } from '../../rules/lint/all-rules.js'
import type { CertificateRule, PathRole } from '../../rules/path/path-settings.js'
import { findExtension } from '../../x509/extension.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { namesMatch } from '../../x509/name.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'

/*
 * What RFC 5280 forbids CAs to issue and leaves relying parties free to accept. Most of it our own CA is held to before
 * it signs, by the same lints; the lints on a certificate and its issuer are left out, since path validation asks those
 * questions itself, and those of CA/B.
 */

const everywhere: readonly PathRole[] = ['endEntity', 'intermediate', 'trustAnchor']

/** Public roots that are older than RFC 5280 have serial numbers of zero, or longer than 20 octets. */
const belowAnchors: readonly PathRole[] = ['endEntity', 'intermediate']

const lints: Readonly<Record<string, readonly PathRole[]>> = {
  'serial-number': belowAnchors,
  'issuer-not-empty': everywhere,
  'subject-of-ca': everywhere,
  'subject-or-alt-name': everywhere,
  'name-string-type': belowAnchors,
  'subject-key-identifier-of-ca': everywhere,
  'basic-constraints-of-ca': everywhere,
  'key-cert-sign-only-in-ca': everywhere,
  'dns-name-syntax': everywhere,
  'email-syntax': everywhere,
  'uri-syntax': everywhere,
  'must-be-critical': everywhere,
  'must-not-be-critical': everywhere,
  'ca-extensions-only-in-ca': everywhere,
  'canonical-encoding': belowAnchors,
}

function lintRule(name: string, roles: readonly PathRole[]): CertificateRule {
  const lint = allRules.find((rule) => rule.name === name)
  if (lint === undefined) throw new RangeError(`strictRules: there is no lint "${name}"`)
  return (certificate, role) => {
    if (!roles.includes(role)) return undefined
    const message = lint.check({ tbs: certificate, tbsDer: certificate.tbsDer })
    return message === undefined
      ? undefined
      : { state: `breaks a rule for CAs: ${message}`, clause: lint.clause }
  }
}

/** §4.2.1.1: keyIdentifier in all certificates but those that sign themselves, "to facilitate path construction". */
const namesIssuerKey: CertificateRule = (certificate, role) => {
  if (role === 'trustAnchor' && namesMatch(certificate.subject, certificate.issuer)) return undefined
  const identifier = findExtension(certificate.extensions, authorityKeyIdentifier)?.keyIdentifier
  if (identifier !== undefined) return undefined
  const state = 'has no authorityKeyIdentifier with a keyIdentifier'
  return { state, clause: 'RFC 5280 §4.2.1.1', unlessSelfSigned: role === 'trustAnchor' }
}

/** §4.2.1.10 has a leading dot for URIs alone: in a constraint of DNS names nobody knows whether it takes one in. */
const constrainsPlainHosts: CertificateRule = ({ extensions }) => {
  const constraints = findExtension(extensions, nameConstraints)
  const bases = [...(constraints?.permitted ?? []), ...(constraints?.excluded ?? [])].map(({ base }) => base)
  const dotted = bases.find((base) => base.type === 'dns' && base.value.startsWith('.'))
  if (dotted === undefined) return undefined
  return { state: 'constrains DNS names that begin with a dot', clause: 'RFC 5280 §4.2.1.10' }
}

const rulesWithout = (leftOut: string): readonly CertificateRule[] => [
  ...Object.entries(lints)
    .filter(([name]) => name !== leftOut)
    .map(([name, roles]) => lintRule(name, roles)),
  namesIssuerKey,
  constrainsPlainHosts,
]

const rules = {
  rfc5280: rulesWithout(''),
  /** BR §7.1.2.10.8 lets nameConstraints be non-critical, because there were clients that refused them. */
  webpki: rulesWithout('must-be-critical'),
} as const

export const strictRulesOf = (profile: keyof typeof rules): readonly CertificateRule[] => rules[profile]
