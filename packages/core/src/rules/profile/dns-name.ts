import { nameRefused } from './name-refusal.js'
import { decodePunycode, encodePunycode } from './punycode.js'

/** RFC 1035 §2.3.4: 255 octets on the wire are 253 characters of text. */
const maximumLength = 253

/** RFC 1035 §2.3.4. */
const maximumLabelLength = 63

/** RFC 1034 §3.5 as relaxed by RFC 1123 §2.1: letters, digits, hyphens; no hyphen at an end. */
const labelPattern = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

/** What URL parsers take for the last number of an IPv4 address (WHATWG URL, "ends in a number"): `1.2.3.0x7f`. */
const numberPattern = /^([0-9]+|0x[0-9a-f]*)$/

/**
 * A DNS name in the form in which it stands in a certificate: lowercase, preferred name syntax (RFC 5280
 * §4.2.1.6, RFC 1034 §3.5), internationalised labels as A-labels (RFC 5890 §2.3.2.1). A wildcard is the whole
 * leftmost label above at least two others (RFC 9525 §6.3 matches no other).
 *
 * @throws {PkiError} `name_refused`, with the rule and what to write instead
 */
export function parseDnsName(text: string): string {
  const refuse = (rule: string, state: string) => nameRefused('dns', text, rule, state)
  if (text === '') throw refuse('empty', 'is empty; leave it out instead')
  if (/[\p{Cc}\s]/u.test(text)) throw refuse('character', 'has a control character or white space')
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw refuse('a_label', `has letters outside ASCII; ask for its A-label ${suggestALabels(text)} instead`)
  }
  if (text.endsWith('.')) throw refuse('trailing_dot', 'ends in a dot; write it without')
  if (text.length > maximumLength) {
    throw refuse('length', `has ${text.length} characters where at most ${maximumLength} are allowed`)
  }
  const name = text.toLowerCase()
  const labels = name.split('.')
  if (labels[0] === '*') {
    labels.shift()
    if (labels.length < 2) throw refuse('wildcard', 'is a wildcard directly below a top-level domain')
  }
  for (const label of labels) {
    const fault = labelFault(label)
    if (fault) throw refuse(fault.rule, fault.state)
  }
  if (numberPattern.test(labels[labels.length - 1] as string)) {
    throw refuse('numeric', 'ends in a number, as only IP addresses do; ask for an IP address instead')
  }
  return name
}

function labelFault(label: string): { rule: string; state: string } | undefined {
  if (label === '') return { rule: 'empty_label', state: 'has an empty label; write one dot between labels' }
  if (label.length > maximumLabelLength) {
    const state = `has a label of ${label.length} octets where at most ${maximumLabelLength} are allowed`
    return { rule: 'label_length', state }
  }
  if (label.includes('*')) {
    return { rule: 'wildcard', state: 'has a "*" that is not the whole leftmost label' }
  }
  if (!labelPattern.test(label)) {
    return { rule: 'label', state: `has the label "${label}"; a label has letters, digits and inner hyphens` }
  }
  if (label.slice(2, 4) !== '--') return undefined
  // RFC 5890 §2.3.1: labels with "--" there are reserved, and only "xn" has been given out.
  if (!label.startsWith('xn--')) return { rule: 'label', state: `has the reserved label "${label}"` }
  return isALabel(label)
    ? undefined
    : { rule: 'a_label', state: `has the label "${label}", which is no valid A-label` }
}

/**
 * RFC 5890 §2.3.2.1 as far as it goes without the tables of Unicode: decodes, to something that is not ASCII,
 * is in normal form C and lowercase, and encodes to the same label again.
 */
function isALabel(label: string): boolean {
  const decoded = decodePunycode(label.slice(4))
  if (decoded === undefined || !/[^\0-\x7f]/.test(decoded) || /[\p{Cc}\p{Zs}.]/u.test(decoded)) return false
  return (
    decoded === decoded.normalize('NFC') && decoded === decoded.toLowerCase() && toALabel(decoded) === label
  )
}

/** A hint for a person: mapped by lower case and normal form C, not by all of UTS 46. */
const suggestALabels = (text: string): string =>
  `"${text.toLowerCase().normalize('NFC').slice(0, maximumLength).split(/[.。]/).map(toALabel).join('.')}"`

const toALabel = (label: string): string =>
  /^[\0-\x7f]*$/.test(label) ? label : `xn--${encodePunycode(label)}`
