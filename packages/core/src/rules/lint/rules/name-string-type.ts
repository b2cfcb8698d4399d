import { Tag } from '../../../asn1/tags.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "CAs […] MUST use either the PrintableString or UTF8String encoding of DirectoryString", but for names that
 * stand in earlier certificates already. IA5String is the type of emailAddress and domainComponent.
 */
export const nameStringType: LintRule = {
  name: 'name-string-type',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.4',
  check({ tbs }) {
    const wrong = tbs.subject.rdns.flat().find(({ tag }) => !current.has(tag))
    return wrong && `the attribute ${wrong.type} of the subject has a string type that is no longer written`
  },
}

const current: ReadonlySet<number> = new Set([Tag.utf8String, Tag.printableString, Tag.ia5String])
