import { isLoopbackHost } from '../options.js'

/** On the user's own machine (RFC 8252 §7): a loopback address, or a scheme that an application has taken there. */
export function isNativeRedirect(uri: string): boolean {
  const { protocol, hostname } = new URL(uri)
  return protocol === 'http:' ? isLoopbackHost(hostname) : protocol !== 'https:'
}
