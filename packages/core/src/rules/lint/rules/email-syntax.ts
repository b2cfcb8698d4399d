import type { LintRule } from '../lint-rule.js'
import { alternativeNamesOf } from '../tbs-facts.js'

/**
 * "The format of an rfc822Name is a 'Mailbox'", without "a phrase (such as a common name) before it", a
 * comment, or angle brackets.
 */
export const emailSyntax: LintRule = {
  name: 'email-syntax',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.6, RFC 5321 §4.1.2',
  check({ tbs }) {
    for (const name of alternativeNamesOf(tbs)) {
      if (name.type === 'email' && !mailbox.test(name.value))
        return `${JSON.stringify(name.value)} is no mailbox`
    }
    return undefined
  },
}

const mailbox = /^[^\s@<>()[\]\\,;:"]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i
