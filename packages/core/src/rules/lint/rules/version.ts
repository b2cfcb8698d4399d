import type { LintRule } from '../lint-rule.js'

/**
 * "When extensions are used, as expected in this profile, version MUST be 3 (value is 2)."
 */
export const version: LintRule = {
  name: 'version',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.1',
  check: ({ tbs }) => (tbs.version === 3 ? undefined : `the version is ${tbs.version}`),
}
