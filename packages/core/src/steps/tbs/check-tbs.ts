import type { PathMember } from '../../errors/codes.js'
import { PkiError } from '../../errors/pki-error.js'
import { hasLintError, lintTbs } from '../../rules/lint/lint.js'
import { checkIssuance, checkOtherPath, type PathVerdict } from '../../rules/path/check-issuance.js'
import type { Certificate } from '../../x509/certificate.js'
import { formatName } from '../../x509/name.js'
import type { AssembledTbs, CheckedTbs, Issuer } from '../stages.js'

/**
 * Look at the bytes as a stranger would: parse what was assembled, lint it, and hold it against every path that is known.
 *
 * @param issuer absent for a root, which stands under nobody
 * @throws {PkiError} `lint_failed`: a rule of level error | `path_refused`: a relying party would refuse it on the path that
 *   the error has
 */
export function checkTbs(assembled: AssembledTbs, issuer?: Pick<Issuer, 'chain' | 'otherPaths'>): CheckedTbs {
  const findings = lintTbs({ tbsDer: assembled.tbsDer, issuer: issuer?.chain[0] })
  if (hasLintError(findings)) {
    const [first] = findings.filter((finding) => finding.level === 'error')
    throw new PkiError('lint_failed', `Cannot issue certificate: ${first?.message} (${first?.clause})`, {
      findings,
    })
  }
  if (issuer !== undefined) {
    refuse(checkIssuance(assembled, issuer.chain), issuer.chain)
    for (const path of issuer.otherPaths) refuse(checkOtherPath(assembled, path), path)
  }
  return { findings, ...assembled } as CheckedTbs
}

function refuse(verdict: PathVerdict, path: readonly Certificate[]): void {
  if (verdict.ok) return
  const { faults } = verdict
  const [first] = faults
  const members = path.map(memberOf)
  const state = `${first?.message} (${first?.clause}), on the path to "${members.at(-1)?.subject}"`
  throw new PkiError('path_refused', `Cannot issue certificate: ${state}`, { faults, path: members })
}

const memberOf = ({ subject, issuer, serialNumber }: Certificate): PathMember => ({
  subject: formatName(subject).slice(0, 200),
  issuer: formatName(issuer).slice(0, 200),
  serialNumber,
})
