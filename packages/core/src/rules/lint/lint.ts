import type { LintFinding } from '../../errors/codes.js'
import { isPkiError } from '../../errors/pki-error.js'
import { type Certificate, type CertificateContent, parseTbsCertificate } from '../../x509/certificate.js'
import { allRules } from './all-rules.js'

/*
 * Pre-issuance lint: a last look at the bytes that are about to be signed, by code that did not make them.
 *
 * Input are the bytes and not what they were assembled from, so that a fault of the encoder is seen as well.
 * For the same reason the rules do not call what the profile calls: a rule on DNS names has its own pattern.
 * Much is refused by the parser already (an extension twice, an empty list) and needs no rule here.
 */

/**
 * @param input.tbsDer the TBSCertificate, DER
 * @param input.issuer absent: the certificate is its own issuer
 * @returns what the rules found, in the order of all-rules.ts; empty for a certificate without fault
 */
export function lintTbs(input: {
  readonly tbsDer: Uint8Array
  readonly issuer?: Certificate | undefined
}): readonly LintFinding[] {
  const parsed = parse(input.tbsDer)
  if ('finding' in parsed) return [parsed.finding]
  const examined = { tbs: parsed.tbs, tbsDer: input.tbsDer, issuer: input.issuer }
  const findings: LintFinding[] = []
  for (const rule of allRules) {
    const message = rule.check(examined)
    if (message === undefined) continue
    const { name, level, clause } = rule
    findings.push({ rule: name, level, clause, message })
  }
  return findings
}

/** Whether a finding stops the issuance. */
export const hasLintError = (findings: readonly LintFinding[]): boolean =>
  findings.some(({ level }) => level === 'error')

function parse(tbsDer: Uint8Array): { tbs: CertificateContent } | { finding: LintFinding } {
  try {
    return { tbs: parseTbsCertificate(tbsDer) }
  } catch (error) {
    if (!isPkiError(error)) throw error
    const finding: LintFinding = {
      rule: 'well-formed',
      level: 'error',
      clause: 'RFC 5280 §4.1',
      message: error.message,
    }
    return { finding }
  }
}
