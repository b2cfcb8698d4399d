import { formatIpAddress, parseIpAddress } from '../../x509/ip-address.js'
import { nameRefused } from './name-refusal.js'

/**
 * @returns the address as octets, and as its one text (RFC 5952)
 * @throws {PkiError} `name_refused`
 */
export function parseIpName(text: string): { address: Uint8Array; text: string } {
  const address = parseIpAddress(text)
  if (address === undefined) {
    const example = text.includes('/')
      ? 'a range has no place in a certificate'
      : 'write it like 192.0.2.1 or 2001:db8::1'
    throw nameRefused('ip', text, 'syntax', `is not an IPv4 or IPv6 address; ${example}`)
  }
  const canonical = formatIpAddress(address)
  if (canonical.startsWith('::ffff:')) {
    // Some clients connect to the IPv4 address behind it, which the IPv4 name constraints of the issuer never saw.
    throw nameRefused(
      'ip',
      text,
      'mapped',
      `is an IPv4 address in IPv6 form; ask for "${canonical.slice(7)}" instead`,
    )
  }
  return { address, text: canonical }
}
