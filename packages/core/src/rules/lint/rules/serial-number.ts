import { isConformingSerialNumber } from '../../../x509/serial-number.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "The serial number MUST be a positive integer […] Conforming CAs MUST NOT use serialNumber values longer
 * than 20 octets."
 */
export const serialNumber: LintRule = {
  name: 'serial-number',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.2',
  check: ({ tbs }) =>
    isConformingSerialNumber(tbs.serialNumber)
      ? undefined
      : `the serial number ${tbs.serialNumber} is not a positive integer of at most 20 octets`,
}
