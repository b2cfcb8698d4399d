import { Tag } from '../../../asn1/tags.js'
import { fieldTypes } from '../../../x509/attribute-types.js'
import type { LintRule } from '../lint-rule.js'

/**
 * `X520countryName ::= PrintableString (SIZE (2))`: a code of ISO 3166, which has capital letters.
 */
export const countryCode: LintRule = {
  name: 'country-code',
  level: 'error',
  clause: 'RFC 5280 appendix A.1, X.520 §6.3.1',
  check({ tbs }) {
    const countries = tbs.subject.rdns.flat().filter(({ type }) => type === fieldTypes.country.oid)
    const wrong = countries.find(({ tag, value }) => tag !== Tag.printableString || !/^[A-Z]{2}$/.test(value))
    return wrong && `the country "${wrong.value}" is not two capital letters in a PrintableString`
  },
}
