import { PkiError } from '../../errors/pki-error.js'
import { hasLintError, lintTbs } from '../../rules/lint/lint.js'
import { checkIssuance } from '../../rules/path/check-issuance.js'
import type { Certificate } from '../../x509/certificate.js'
import type { AssembledTbs, CheckedTbs } from '../stages.js'

/**
 * Look at the bytes as a stranger would: parse what was assembled, lint it, and hold it against the whole chain.
 *
 * @param chain the issuer, its issuer, … up to the root; empty for a root
 * @throws {PkiError} `lint_failed`: a rule of level error | `path_refused`: a relying party would refuse it
 */
export function checkTbs(assembled: AssembledTbs, chain: readonly Certificate[]): CheckedTbs {
  const [issuer] = chain
  const findings = lintTbs({ tbsDer: assembled.tbsDer, issuer })
  if (hasLintError(findings)) {
    const [first] = findings.filter((finding) => finding.level === 'error')
    throw new PkiError('lint_failed', `Cannot issue certificate: ${first?.message} (${first?.clause})`, {
      findings,
    })
  }
  // A root stands under nobody.
  const verdict = issuer === undefined ? ({ ok: true } as const) : checkIssuance(assembled, chain)
  if (!verdict.ok) {
    const [first] = verdict.faults
    throw new PkiError('path_refused', `Cannot issue certificate: ${first?.message} (${first?.clause})`, {
      faults: verdict.faults,
    })
  }
  return { ...assembled, findings } as CheckedTbs
}
