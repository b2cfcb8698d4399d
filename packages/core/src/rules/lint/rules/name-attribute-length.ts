import { fieldTypes } from '../../../x509/attribute-types.js'
import type { LintRule } from '../lint-rule.js'

/**
 * The upper bounds: ub-common-name 64, ub-organization-name 64, ub-state-name 128, ub-serial-number 64, and
 * so on.
 */
export const nameAttributeLength: LintRule = {
  name: 'name-attribute-length',
  level: 'error',
  clause: 'RFC 5280 appendix A.1',
  check({ tbs }) {
    for (const { type, value } of [...tbs.subject.rdns, ...tbs.issuer.rdns].flat()) {
      const bound = upperBounds.get(type)
      const length = [...value].length
      if (bound !== undefined && length > bound)
        return `the attribute ${type} has ${length} characters, more than ${bound}`
      if (length === 0) return `the attribute ${type} is empty`
    }
    return undefined
  },
}

const upperBounds: ReadonlyMap<string, number> = new Map(
  Object.values(fieldTypes).map(({ oid, upperBound }) => [oid, upperBound]),
)
