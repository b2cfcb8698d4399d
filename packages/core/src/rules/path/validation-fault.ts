import type { PathFaultContext } from '../../errors/codes.js'
import type { Certificate } from '../../x509/certificate.js'
import { formatName } from '../../x509/name.js'

/**
 * Everything that a path can fail for, with the clause and the rank: of many candidate paths, the fault with the lowest
 * rank is told first. A path that came further says more, so what is found first in the search ranks last.
 */
export const validationFaults = {
  revoked: { rank: 0, clause: 'RFC 5280 §6.3' },
  identity_mismatch: { rank: 1, clause: 'RFC 9525 §6' },
  purpose_refused: { rank: 2, clause: 'RFC 5280 §4.2.1.12' },
  key_usage_refused: { rank: 2, clause: 'RFC 5280 §4.2.1.3' },
  expired: { rank: 3, clause: 'RFC 5280 §6.1.3 (a)(2)' },
  not_yet_valid: { rank: 3, clause: 'RFC 5280 §6.1.3 (a)(2)' },
  revocation_unknown: { rank: 4, clause: 'RFC 5280 §6.3' },
  name_excluded: { rank: 5, clause: 'RFC 5280 §6.1.3 (c)' },
  name_not_permitted: { rank: 5, clause: 'RFC 5280 §6.1.3 (b)' },
  name_constraint_unsupported: { rank: 5, clause: 'RFC 5280 §4.2.1.10' },
  policy_not_valid: { rank: 6, clause: 'RFC 5280 §6.1.5 (g)' },
  any_policy_mapped: { rank: 6, clause: 'RFC 5280 §6.1.4 (a)' },
  path_length_exceeded: { rank: 7, clause: 'RFC 5280 §6.1.4 (l)' },
  path_too_long: { rank: 7, clause: 'RFC 5280 §6.1' },
  purpose_not_nested: { rank: 8, clause: 'CA/B BR §7.1.2.10.6' },
  not_a_ca: { rank: 9, clause: 'RFC 5280 §6.1.4 (k)' },
  key_cert_sign_missing: { rank: 9, clause: 'RFC 5280 §6.1.4 (n)' },
  unprocessable_extension: { rank: 10, clause: 'RFC 5280 §6.1.4 (o), §6.1.5 (f)' },
  weak_key: { rank: 11, clause: 'NIST SP 800-57 part 1, table 2' },
  weak_signature: { rank: 11, clause: 'NIST SP 800-131A §9' },
  rule_broken: { rank: 12, clause: 'RFC 5280 §4' },
  signature_invalid: { rank: 13, clause: 'RFC 5280 §6.1.3 (a)(1)' },
  unknown_issuer: { rank: 14, clause: 'RFC 5280 §6.1.3 (a)(4)' },
  name_constraint_budget: { rank: 15, clause: 'RFC 5280 §6.1.3 (b)' },
  budget_exhausted: { rank: 15, clause: 'RFC 4158 §3' },
  malformed: { rank: 16, clause: 'RFC 5280 §4.1' },
} as const

export type ValidationFaultCode = keyof typeof validationFaults

/** Why a path is not valid, and whose fault it is. */
export interface ValidationFault extends PathFaultContext {
  readonly fault: ValidationFaultCode
  /** As RFC 4514 writes it; absent for what could not be read. */
  readonly subject?: string
  readonly serialNumber?: string
  /** The fault is none where the certificate is signed with its own key: for the search to find out. */
  readonly unlessSelfSigned?: boolean
}

/** One that is not signed yet has no serial number. */
type FaultyCertificate = Pick<Certificate, 'subject'> & Partial<Pick<Certificate, 'serialNumber'>>

/** @param depth 0 for the end entity, 1 for its issuer, and so on up to the trust anchor */
export function validationFault(
  fault: ValidationFaultCode,
  at: { readonly depth: number; readonly certificate?: FaultyCertificate | undefined },
  state: string,
  clause: string = validationFaults[fault].clause,
): ValidationFault {
  const { depth, certificate } = at
  if (certificate === undefined) return { fault, depth, clause, message: state }
  const subject = formatName(certificate.subject).slice(0, 200)
  const message = `"${subject}" ${state}`
  const { serialNumber } = certificate
  return { fault, depth, clause, message, subject, ...(serialNumber !== undefined && { serialNumber }) }
}

/** The most useful first; of equal ones, the one of the path that came furthest, then as they were found. */
export function mostUsefulFirst<T extends { readonly fault: ValidationFault; readonly length: number }>(
  tried: readonly T[],
): T[] {
  const rank = ({ fault }: T): number => validationFaults[fault.fault].rank
  return [...tried].sort((a, b) => rank(a) - rank(b) || b.length - a.length)
}
