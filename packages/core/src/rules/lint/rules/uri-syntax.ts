import type { LintRule } from '../lint-rule.js'
import { alternativeNamesOf } from '../tbs-facts.js'

/**
 * "The name MUST NOT be a relative URI […] The name MUST include both a scheme […] and a
 * scheme-specific-part."
 */
export const uriSyntax: LintRule = {
  name: 'uri-syntax',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.6',
  check({ tbs }) {
    for (const name of alternativeNamesOf(tbs)) {
      if (name.type === 'uri' && !absolute.test(name.value))
        return `${JSON.stringify(name.value)} is no absolute URI`
    }
    return undefined
  },
}

const absolute = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i
