import type { LintRule } from '../lint-rule.js'

/**
 * "CAs conforming to this profile MUST NOT generate certificates with unique identifiers."
 */
export const noUniqueIdentifiers: LintRule = {
  name: 'no-unique-identifiers',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.8',
  check: ({ tbs }) =>
    tbs.issuerUniqueId || tbs.subjectUniqueId ? 'the certificate has a unique identifier' : undefined,
}
