import type { LintRule } from '../lint-rule.js'

/**
 * "CAs SHALL generate […] serial numbers greater than zero and less than 2^159 containing at least 64 bits of
 * output from a CSPRNG."
 *
 * Whether bits are random cannot be seen. That a number is too small to hold 64 of them can: a random one of
 * 64 bits is below 2^56 once in 256 times, and ours have a set bit on top.
 */
export const serialNumberLength: LintRule = {
  name: 'serial-number-length',
  level: 'error',
  clause: 'CA/B BR §7.1',
  check({ tbs }) {
    const octets = tbs.serialNumber.length / 2
    return octets >= minimumOctets
      ? undefined
      : `the serial number has ${octets} octets, fewer than ${minimumOctets}`
  },
}

const minimumOctets = 8
