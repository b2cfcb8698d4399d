import type { KeyUsage } from '../../x509/extensions/key-usage.js'
import type { Certificate } from '../../x509/certificate.js'
import type { ServiceIdentity } from './identity/service-identity.js'

/** Everything that decides a validation besides the certificates: RFC 5280 §6.1.1, and what its callers add. */
export interface PathSettings {
  /** §6.1.1 (b). Times are compared as they are: a validity ends with the last instant of its last second. */
  readonly at: Date
  /** OIDs that every extendedKeyUsage on the path must allow; empty: any purpose. */
  readonly purposes: readonly string[]
  /** The end entity must name them: to say nothing, or anyExtendedKeyUsage, does not do. */
  readonly requirePurpose: boolean
  /** That a keyUsage of the end entity must have. */
  readonly keyUsages: readonly KeyUsage[]
  /** One of them must be a name of the end entity; empty: whoever it is. */
  readonly identities: readonly ServiceIdentity[]
  /** Most intermediates that are not self-issued. */
  readonly maximumDepth: number | undefined
  /** §6.1.1 (c); `undefined` is any-policy. */
  readonly initialPolicySet: ReadonlySet<string> | undefined
  /** §6.1.1 (f), (e), (g). */
  readonly initialExplicitPolicy: boolean
  readonly initialPolicyMappingInhibit: boolean
  readonly initialAnyPolicyInhibit: boolean
  readonly anchor: AnchorSettings
  /** Signatures with SHA-1 count. */
  readonly allowSha1: boolean
  /** Of every RSA key on the path. */
  readonly minimumRsaBits: number
  /** More rules for one certificate: those of a profile, and those that bind its CA. */
  readonly rules: readonly CertificateRule[]
  /** Key identifiers are more than a hint: an issuer whose subjectKeyIdentifier is another one is refused. */
  readonly matchKeyIdentifiers: boolean
}

/** What of a trust anchor's certificate counts besides name and key, which is all that §6.1.1 (d) takes. */
export interface AnchorSettings {
  readonly expiry: boolean
  /** RFC 5937: its path length, names, policies, key usage and purposes bind the path. */
  readonly constraints: boolean
  /** It must say that it is a CA, as RFC 5280 §4.2.1.9 has it since version 3. */
  readonly basicConstraints: boolean
  /**
   * One that is itself the end entity needs no path: whoever trusts a certificate trusts it. `self-signed`: only where
   * its own key has signed it.
   */
  readonly asEndEntity: boolean | 'self-signed'
}

export type PathRole = 'endEntity' | 'intermediate' | 'trustAnchor'

/** @returns what is wrong, as "… has a negative serial number", and the clause; `undefined`: nothing is */
export type CertificateRule = (certificate: Certificate, role: PathRole) => BrokenRule | undefined

export interface BrokenRule {
  readonly state: string
  readonly clause: string
  /** The rule does not bind a certificate that is signed with its own key, whatever name it gives its issuer. */
  readonly unlessSelfSigned?: boolean
}
