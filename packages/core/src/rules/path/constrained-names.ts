import type { GeneralName } from '../../x509/general-name.js'

/*
 * Can a name, or the base of a subtree, be compared at all? name-constraints.ts says what comes of those that cannot.
 */

/** Host names as they are found, underscores included, but never an empty label, which would move a suffix. */
const hostPattern = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/

/**
 * RFC 1035 §2.3.4: 255 octets as they travel, 253 characters as they are written. Longer ones cannot be reached, and would
 * have more domains above them than anybody looks at.
 */
const longestHost = 253

const isHost = (folded: string): boolean => folded.length <= longestHost && hostPattern.test(folded)

/** Dot-string or its looser form (RFC 5321 §4.1.2). */
const localPattern = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/i

/** Quoted-string: printable ASCII, of which `"` and `\` stand behind a `\`. */
const quotedPattern = /^"((?:[ !#-[\]-~]|\\[ -~])+)"$/

/** @returns why the name cannot be held against a subtree of its form; `undefined`: it can */
export function unreadableName(name: GeneralName): string | undefined {
  switch (name.type) {
    case 'dns':
      return isHost(fold(name.value).replace(/^\*\./, '')) ? undefined : 'is no DNS name'
    case 'email':
      return readMailbox(name.value) === undefined ? 'is no mailbox' : undefined
    case 'uri': {
      const host = uriHost(name.value)
      if (host === undefined || !isHost(fold(host))) return 'names no host'
      return /(^|\.)[0-9]+$/.test(host) ? 'has an IP address for a host' : undefined
    }
    case 'ip':
    case 'directoryName':
      return undefined
    default:
      return 'is of a form that is not compared'
  }
}

/** @returns why the base of a subtree cannot be used, as "which …"; `undefined`: it can */
export function unreadableBase(base: GeneralName): string | undefined {
  switch (base.type) {
    case 'dns':
    case 'uri':
      return isHostBase(base.value) ? undefined : 'is no host'
    case 'email':
      if (!base.value.includes('@')) return isHostBase(base.value) ? undefined : 'is no host'
      return readMailbox(base.value) === undefined ? 'is no mailbox' : undefined
    case 'ip':
    case 'directoryName':
      return undefined
    default:
      return 'is of a form that is not compared'
  }
}

const isHostBase = (text: string): boolean => text === '' || isHost(fold(text).replace(/^\./, ''))

/** A mailbox in the one spelling that is compared: a local part without its quotes, a host without capitals. */
export function readMailbox(text: string): { readonly local: string; readonly host: string } | undefined {
  const at = text.lastIndexOf('@')
  const [written, host] = [text.slice(0, Math.max(0, at)), fold(text.slice(at + 1))]
  if (!isHost(host)) return undefined
  if (localPattern.test(written)) return { local: written, host }
  const quoted = quotedPattern.exec(written)?.[1]
  return quoted === undefined ? undefined : { local: quoted.replace(/\\(.)/g, '$1'), host }
}

/**
 * The host of a URI with an authority (RFC 3986 §3.2). Every character of the authority is examined: a
 * backslash, say, would let two readers find two hosts.
 */
export function uriHost(text: string): string | undefined {
  const match =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9\-._~!$&'()*+,;=:%]*@)?([a-z0-9\-._]+)(?::[0-9]*)?(?:[/?#]|$)/i.exec(
      text,
    )
  return match?.[1]
}

/** ASCII is all that these forms have. */
export const fold = (text: string): string => text.toLowerCase()
