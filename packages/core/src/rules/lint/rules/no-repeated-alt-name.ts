import { formatGeneralName } from '../../../x509/general-name.js'
import type { LintRule } from '../lint-rule.js'
import { alternativeNamesOf, firstRepeated } from '../tbs-facts.js'

/**
 * The same name twice says nothing, costs every client a comparison, and is a fault of whoever made the list.
 */
export const noRepeatedAltName: LintRule = {
  name: 'no-repeated-alt-name',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.6',
  check({ tbs }) {
    const repeated = firstRepeated(
      alternativeNamesOf(tbs).map((name) => formatGeneralName(name).toLowerCase()),
    )
    return repeated && `subjectAltName has ${repeated} twice`
  },
}
