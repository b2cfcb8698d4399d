import { hasCode } from '../../errors/pki-error.js'
import { formatIpAddress, parseIpAddress } from '../../x509/ip-address.js'
import { parseDnsName } from './dns-name.js'
import { nameRefused } from './name-refusal.js'

/** No standard has a limit. This is the one of SPIFFE-ID §2.3, whose URIs are what most workloads ask for. */
const maximumLength = 2048

/** RFC 3986 §3: scheme, then an authority behind two slashes or none, then the rest. */
const uriPattern = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?(.*)$/i

/** RFC 3986 §2: unreserved, reserved, and percent signs in front of two hex digits. */
const charactersPattern = /^(?:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i

const authorityPattern = /^(\[[^\]]*\]|[^:@[\]]*)(:[0-9]{1,5})?$/

export interface UriName {
  /** Scheme and host in lowercase (RFC 5280 §7.4), the rest as it was. */
  readonly text: string
  /** A DNS name or IP address; `undefined` for a URI without authority, such as a URN. */
  readonly host: string | undefined
}

/**
 * An absolute URI (RFC 5280 §4.2.1.6). One with an authority names a host; a user in front of the host is
 * refused, as it makes `https://bank.example@evil.example` out of two hosts.
 *
 * @throws {PkiError} `name_refused`
 */
export function parseUriName(text: string): UriName {
  const refuse = (rule: string, state: string) => nameRefused('uri', text, rule, state)
  if (text.length > maximumLength) {
    throw refuse('length', `has ${text.length} characters where at most ${maximumLength} are allowed`)
  }
  if (!charactersPattern.test(text))
    throw refuse('character', 'has a character that a URI cannot have; percent-encode it')
  const match = uriPattern.exec(text)
  if (!match)
    throw refuse('absolute', 'is not absolute; write it with its scheme, like "https://example.org/"')
  const [, scheme = '', authority, rest = ''] = match
  if (authority === undefined) {
    if (rest === '') throw refuse('absolute', 'has nothing behind its scheme')
    return { text: `${scheme.toLowerCase()}:${rest}`, host: undefined }
  }
  const parts = authorityPattern.exec(authority)
  if (!parts) throw refuse('authority', 'has an authority that is not a host and perhaps a port')
  const [, hostText = '', port = ''] = parts
  const host = parseHost(hostText, refuse)
  const written = hostText.startsWith('[') ? `[${host}]` : host
  return { text: `${scheme.toLowerCase()}://${written}${port}${rest}`, host }
}

function parseHost(text: string, refuse: (rule: string, state: string) => Error): string {
  const address = parseIpAddress(text.startsWith('[') ? text.slice(1, -1) : text)
  if (address && (address.length === 16) === text.startsWith('[')) return formatIpAddress(address)
  if (text.startsWith('*')) throw refuse('host', 'has a wildcard host')
  try {
    return parseDnsName(text)
  } catch (error) {
    if (!hasCode(error, 'name_refused')) throw error
    throw refuse('host', `has a host that is not valid (${error.message.replace(/^.*?: /, '')})`)
  }
}
