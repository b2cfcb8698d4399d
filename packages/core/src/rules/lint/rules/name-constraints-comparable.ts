import { findExtension } from '../../../x509/extension.js'
import { nameConstraints } from '../../../x509/extensions/name-constraints.js'
import { formatGeneralName } from '../../../x509/general-name.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "Within this profile, the minimum and maximum fields are not used with any name forms, thus, the minimum
 * MUST be zero, and maximum MUST be absent." Of the forms, those are written that clients compare; the others
 * make them refuse.
 */
export const nameConstraintsComparable: LintRule = {
  name: 'name-constraints-comparable',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.10',
  check({ tbs }) {
    const constraints = findExtension(tbs.extensions, nameConstraints)
    if (constraints === undefined) return undefined
    const { permitted, excluded } = constraints
    for (const { base, minimum, maximum } of [...permitted, ...excluded]) {
      const subtree = `the subtree ${formatGeneralName(base)}`
      if (minimum !== 0 || maximum !== undefined) return `${subtree} has a minimum or maximum`
      if (!compared.has(base.type)) return `${subtree} is of a form that is not compared`
    }
    return undefined
  },
}

const compared: ReadonlySet<string> = new Set(['dns', 'ip', 'email', 'uri', 'directoryName'])
