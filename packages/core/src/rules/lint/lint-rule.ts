import type { LintFinding } from '../../errors/codes.js'
import type { Certificate, CertificateContent } from '../../x509/certificate.js'

export interface LintInput {
  /** Parsed from the very bytes that are to be signed. */
  readonly tbs: CertificateContent
  /** The bytes that `tbs` was parsed from. */
  readonly tbsDer: Uint8Array
  /** Absent: the certificate is its own issuer. */
  readonly issuer?: Certificate | undefined
}

/** One clause of a standard, as a question to a certificate. */
export interface LintRule {
  /** As the file is named. Names are API: hosts count findings by them. */
  readonly name: string
  /** `error` for a MUST, which stops the issuance; `warning` for a SHOULD. */
  readonly level: LintFinding['level']
  readonly clause: string
  /** @returns what is wrong, as a sentence; `undefined`: nothing is */
  check(input: LintInput): string | undefined
}
