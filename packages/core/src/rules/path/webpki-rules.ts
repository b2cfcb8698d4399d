import { equalBytes } from '../../encoding/bytes.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import type { Certificate } from '../../x509/certificate.js'
import { fieldTypes } from '../../x509/attribute-types.js'
import { findExtension } from '../../x509/extension.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import { formatIpAddress } from '../../x509/ip-address.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { namesMatch } from '../../x509/name.js'
import type { CertificateRule, PathRole } from './path-settings.js'

/*
 * What the CA/Browser Forum's Baseline Requirements for TLS servers (BR, version 2) ask beyond RFC 5280, as far as one
 * certificate shows it.
 */

interface WebpkiRule {
  readonly clause: string
  readonly roles: readonly PathRole[]
  /** @returns what is wrong, as "… has no subjectAltName" */
  check(certificate: Certificate): string | undefined
}

const subscriber: readonly PathRole[] = ['endEntity']
const anchor: readonly PathRole[] = ['trustAnchor']
const all: readonly PathRole[] = ['endEntity', 'intermediate', 'trustAnchor']

const rules: readonly WebpkiRule[] = [
  {
    clause: 'BR §7.1.2.7.12',
    roles: subscriber,
    check({ extensions, subject }) {
      const extension = extensions.find(({ oid }) => oid === subjectAltName.oid)
      if (extension === undefined) return 'has no subjectAltName'
      return extension.critical && subject.rdns.length > 0
        ? 'has a critical subjectAltName beside a subject'
        : undefined
    },
  },
  {
    clause: 'BR §7.1.4.3',
    roles: subscriber,
    check({ extensions, subject }) {
      const names = findExtension(extensions, subjectAltName) ?? []
      const texts = names.map((name) =>
        name.type === 'dns' ? name.value : name.type === 'ip' ? formatIpAddress(name.address) : undefined,
      )
      const commonNames = subject.rdns.flat().filter(({ type }) => type === fieldTypes.commonName.oid)
      const foreign = commonNames.find(({ value }) => !texts.includes(value))
      return foreign && `has a common name that is not, to the letter, among its subjectAltNames`
    },
  },
  {
    clause: 'BR §7.1.2.7.10',
    roles: subscriber,
    check({ extensions }) {
      const extension = extensions.find(({ oid }) => oid === extendedKeyUsage.oid)
      if (extension === undefined) return 'has no extendedKeyUsage'
      if (extension.critical) return 'has a critical extendedKeyUsage'
      const purposes = findExtension(extensions, extendedKeyUsage) ?? []
      return purposes.includes(keyPurposes.anyExtendedKeyUsage) ? 'is for any purpose' : undefined
    },
  },
  {
    clause: 'BR §7.1.2.7.6',
    roles: subscriber,
    check: ({ extensions }) =>
      findExtension(extensions, basicConstraints)?.isCa === true ? 'is a CA' : undefined,
  },
  {
    clause: 'BR §7.1.2.1.2',
    roles: anchor,
    check: ({ extensions }) =>
      findExtension(extensions, extendedKeyUsage) === undefined
        ? undefined
        : 'is a root with an extendedKeyUsage',
  },
  {
    clause: 'BR §7.1.2.1.3',
    roles: anchor,
    check(certificate) {
      const { extensions, subject, issuer } = certificate
      const authority = findExtension(extensions, authorityKeyIdentifier)
      if (authority === undefined || !namesMatch(subject, issuer)) return undefined
      const own = findExtension(extensions, subjectKeyIdentifier)
      const { keyIdentifier } = authority
      const isOwn = keyIdentifier !== undefined && own !== undefined && equalBytes(keyIdentifier, own)
      return isOwn ? undefined : 'is a root whose authorityKeyIdentifier is not its subjectKeyIdentifier'
    },
  },
  {
    clause: 'BR §7.1.2.11.1',
    roles: all,
    check({ extensions }) {
      const { authorityCertIssuer, authorityCertSerialNumber } = {
        ...findExtension(extensions, authorityKeyIdentifier),
      }
      return authorityCertIssuer === undefined && authorityCertSerialNumber === undefined
        ? undefined
        : 'names its issuer in authorityKeyIdentifier by more than the key'
    },
  },
  {
    clause: 'BR §6.1.5',
    roles: all,
    check({ spkiDer }) {
      const key = parsePublicKey(spkiDer)
      const isRsa = key.family === 'RSA' || key.family === 'RSA-PSS'
      return isRsa && key.bits % 8 !== 0 ? `has an RSA modulus of ${key.bits} bits` : undefined
    },
  },
]

/** The rules for which the certificate alone is enough. Its key can be read: that was asked before. */
export const webpkiRules: readonly CertificateRule[] = rules.map(
  (rule): CertificateRule =>
    (certificate, role) => {
      const state = rule.roles.includes(role) ? rule.check(certificate) : undefined
      return state === undefined ? undefined : { state, clause: rule.clause }
    },
)

/**
 * BR §3.2.2.6: nobody owns everything below a public suffix, so a wildcard there speaks for others.
 *
 * @param isPublicSuffix by the Public Suffix List, private section included; the list changes weekly and is the caller's
 */
export const noPublicSuffixWildcard =
  (isPublicSuffix: (domain: string) => boolean): CertificateRule =>
  (certificate, role) => {
    if (role !== 'endEntity') return undefined
    const names = findExtension(certificate.extensions, subjectAltName) ?? []
    const wide = names.find(
      (name) => name.type === 'dns' && name.value.startsWith('*.') && isPublicSuffix(name.value.slice(2)),
    )
    if (wide === undefined) return undefined
    return { state: 'has a wildcard directly below a public suffix', clause: 'BR §3.2.2.6' }
  }
