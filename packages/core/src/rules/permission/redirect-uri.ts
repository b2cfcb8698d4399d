const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Longer ones come from nobody's client; browsers take about 2,000 characters. */
const longestUri = 2000

/**
 * Why a redirect URI is refused, in the words that follow "must"; `undefined` where it is fit. Codes are sent to it, so it
 * is absolute, without a fragment (RFC 6749 §3.1.2), and reached over TLS, unless it never leaves the user's machine: a
 * loopback address, or the scheme of an app, which has a dot as in `com.example.app` (RFC 8252 §7). Such a scheme cannot
 * be `javascript` or `data`.
 */
export function redirectUriFault(uri: string): string | undefined {
  if (uri.length > longestUri) return `have at most ${longestUri} characters`
  // A URL parser forgives blanks, controls and letters beyond ASCII; RFC 3986 §2 has none of them.
  if (!/^[\x21-\x7e]+$/.test(uri) || !URL.canParse(uri)) return 'be an absolute URI'
  const { protocol, hostname, username, password } = new URL(uri)
  if (uri.includes('#')) return 'have no fragment'
  if (username !== '' || password !== '') return 'have no user name or password'
  if (protocol === 'https:') return undefined
  if (protocol === 'http:') return loopbackHosts.has(hostname) ? undefined : 'begin with https://'
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol) ? undefined : 'begin with https://'
}
