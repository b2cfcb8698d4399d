import { fieldTypes } from '../../../x509/attribute-types.js'
import type { RelativeDistinguishedName } from '../../../x509/name.js'
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
    return faultOf(tbs.subject.rdns) ?? faultOf(tbs.issuer.rdns)
  },
}

function faultOf(rdns: readonly RelativeDistinguishedName[]): string | undefined {
  for (const rdn of rdns) {
    for (const { type, value } of rdn) {
      if (value === '') return `the attribute ${type} is empty`
      const bound = upperBounds.get(type)
      // There are at most as many characters as code units: what has few of these need not be counted.
      if (bound === undefined || value.length <= bound) continue
      const length = [...value].length
      if (length > bound) return `the attribute ${type} has ${length} characters, more than ${bound}`
    }
  }
  return undefined
}

const upperBounds: ReadonlyMap<string, number> = new Map(
  Object.values(fieldTypes).map(({ oid, upperBound }) => [oid, upperBound]),
)
