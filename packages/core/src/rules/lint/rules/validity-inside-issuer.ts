import type { LintRule } from '../lint-rule.js'

/**
 * A path is valid while all its certificates are. A certificate that outlives its issuer promises what it
 * cannot hold.
 */
export const validityInsideIssuer: LintRule = {
  name: 'validity-inside-issuer',
  level: 'error',
  clause: 'RFC 5280 §6.1.3 (a)(2)',
  check({ tbs, issuer }) {
    if (issuer === undefined) return undefined
    if (tbs.notBefore < issuer.notBefore) return 'notBefore lies before that of the issuer'
    return tbs.notAfter <= issuer.notAfter ? undefined : 'notAfter lies after that of the issuer'
  },
}
