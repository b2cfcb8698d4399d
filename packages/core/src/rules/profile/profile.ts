import type { KeyAlgorithm, KeyFamily } from '../../crypto/algorithm-names.js'
import type { NameFields } from '../../x509/attribute-types.js'
import type { KeyUsage } from '../../x509/extensions/key-usage.js'
import { type KeyPurpose, keyPurposes } from '../../x509/key-purposes.js'
import type { NameRules } from './name-rules.js'
import type { NameKind } from './requested-names.js'

/**
 * What certificates of one kind are: plain data, as a host writes it. A profile decides everything that a
 * request does not prove; a field that no profile knows is refused.
 */
export interface ProfileDefinition {
  /** RFC 5280 §4.2.1.3; a table where it depends on what the key can do. */
  readonly keyUsage: readonly EndEntityKeyUsage[] | Readonly<Record<KeyFamily, readonly EndEntityKeyUsage[]>>
  /** RFC 5280 §4.2.1.12: names like `serverAuth` or OIDs, at least one. */
  readonly extendedKeyUsage: readonly (Exclude<KeyPurpose, 'anyExtendedKeyUsage'> | (string & {}))[]
  /** Default: false. */
  readonly extendedKeyUsageCritical?: boolean | undefined
  /** Default: all that the library takes. */
  readonly keyAlgorithms?: readonly KeyAlgorithm[] | undefined
  /** For requests that name no period. Default: 365, or the maximum where that is less. */
  readonly defaultValidityDays?: number | undefined
  /** Days, or a calendar of them. At most, and by default, 397. */
  readonly maximumValidityDays?: MaximumValidity | undefined
  /** Which subject alternative names a request may have. */
  readonly nameKinds: readonly NameKind[]
  /** A request must have a name of one of these kinds. Default: it needs none. */
  readonly requiredNameKinds?: readonly NameKind[] | undefined
  /** Whether DNS names may be wildcards. Default: false. */
  readonly wildcards?: boolean | undefined
  /** Whether DNS names of one label are refused. Default: false. */
  readonly qualifiedNamesOnly?: boolean | undefined
  readonly nameRules?: NameRules | undefined
  /** What the subject says besides the common name, the same in every certificate. */
  readonly subject?: Omit<NameFields, 'commonName'> | undefined
  /** RFC 5280 §4.2.1.4: OIDs. */
  readonly certificatePolicies?: readonly string[] | undefined
  /** RFC 6960 §4.2.2.2.1: relying parties need not check the revocation of this certificate. Default: false. */
  readonly ocspNoCheck?: boolean | undefined
  /**
   * RFC 9608: no status is published of these certificates, which live seven days at most and name no CRL and no OCSP
   * responder. Default: false.
   */
  readonly noRevocation?: boolean | undefined
  /** Whether certificates can be put on hold, which is a revocation that may end. Default: true. */
  readonly suspension?: boolean | undefined
  /** Certificates come only of CAs whose CRLs are as fresh as this. Default: of every CA. */
  readonly crlTimes?: LongestCrlTimes | undefined
  /** Strangers will rely on them, so no custody is taken whose keys follow from a seed. Default: false. */
  readonly forPublicTrust?: boolean | undefined
}

/** The most that is allowed of the times of a CRL, in days. */
export interface LongestCrlTimes {
  /** From thisUpdate to nextUpdate. */
  readonly validityDays: number
  /** From one list to the next. */
  readonly intervalDays: number
}

/** What the key of an end entity may be used for. */
export type EndEntityKeyUsage = Exclude<KeyUsage, 'keyCertSign' | 'cRLSign'>

/** Days; or the days that apply from a date on (`YYYY-MM-DD`, UTC), in order. */
export type MaximumValidity = number | readonly { readonly from: string; readonly days: number }[]

/** A profile that has been checked, with nothing left open. Made by `parseProfile`. */
export interface Profile {
  readonly name: string
  readonly keyUsage: Readonly<Record<KeyFamily, readonly EndEntityKeyUsage[]>>
  /** OIDs. */
  readonly extendedKeyUsage: readonly string[]
  readonly extendedKeyUsageCritical: boolean
  readonly keyAlgorithms: readonly KeyAlgorithm[]
  readonly defaultValidityDays: number
  readonly maximumValidityDays: MaximumValidity
  readonly nameKinds: readonly NameKind[]
  readonly requiredNameKinds: readonly NameKind[]
  readonly wildcards: boolean
  readonly qualifiedNamesOnly: boolean
  readonly nameRules: NameRules
  readonly subject: Omit<NameFields, 'commonName'>
  /** OIDs. */
  readonly certificatePolicies: readonly string[]
  readonly ocspNoCheck: boolean
  readonly noRevocation: boolean
  readonly suspension: boolean
  readonly crlTimes?: LongestCrlTimes
  readonly forPublicTrust: boolean
}

/**
 * Longest period of any profile, in days. The documented API says 397, which stems from the 398 of the CA/B
 * Forum (its Baseline Requirements ask to stay a day below).
 */
export const longestValidityDays = 397

/** Of certificates without revocation: what the Baseline Requirements call short-lived since 2026-03-15 (§1.6.1). */
export const longestDaysWithoutRevocation = 7

/**
 * Purposes that lend authority of the issuer to the holder of the key: OCSP responses and time stamps are
 * believed because the CA said so. No CSR can ask for them.
 */
const delegatedPurposes: ReadonlySet<string> = new Set([keyPurposes.ocspSigning, keyPurposes.timeStamping])

export const isDelegatedPurpose = (oid: string): boolean =>
  delegatedPurposes.has(oid) || oid === keyPurposes.anyExtendedKeyUsage

export const delegatesAuthority = (profile: Profile): boolean =>
  profile.extendedKeyUsage.some(isDelegatedPurpose)
