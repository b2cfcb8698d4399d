import { asciiLowerCase } from '../../../encoding/ascii-lower-case.js'
import { utf8Decode } from '../../../encoding/bytes.js'
import { DerReader } from '../../../asn1/der-reader.js'
import { Tag } from '../../../asn1/tags.js'
import type { Certificate } from '../../../x509/certificate.js'
import { findExtension } from '../../../x509/extension.js'
import { subjectAltName } from '../../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../../x509/general-name.js'
import { parseIpAddress } from '../../../x509/ip-address.js'
import { equalBytes } from '../../../encoding/bytes.js'
import { isPkiError } from '../../../errors/pki-error.js'

/**
 * Whom a relying party wanted to reach (RFC 9525, RFC 8398, RFC 9598). Only subjectAltName is looked at: a common name is
 * never a name (RFC 9525 §2).
 */
export type ServiceIdentity =
  /** A host name in A-labels, with or without a dot at its end, without a wildcard. */
  | { readonly type: 'dns'; readonly value: string }
  /** An address in text, version 4 or 6. */
  | { readonly type: 'ip'; readonly value: string }
  /** A mailbox. Its local part is compared as it is, its domain without case. */
  | { readonly type: 'email'; readonly value: string }
  /** A URI, whose scheme and host are compared without case and all else as it is (RFC 9525 §6.5). */
  | { readonly type: 'uri'; readonly value: string }

/** RFC 9598 §3. */
const smtpUtf8Mailbox = '1.3.6.1.5.5.7.8.9'

/** Whether one of the certificate's names is this one. */
export function isIdentifiedBy(certificate: Certificate, identity: ServiceIdentity): boolean {
  const names = findExtension(certificate.extensions, subjectAltName) ?? []
  switch (identity.type) {
    case 'dns': {
      const host = referenceHost(identity.value)
      return host !== undefined && names.some((name) => name.type === 'dns' && matchesHost(name.value, host))
    }
    case 'ip': {
      const address = parseIpAddress(identity.value)
      return (
        address !== undefined && names.some((name) => name.type === 'ip' && equalBytes(name.address, address))
      )
    }
    case 'email':
      return names.some((name) => matchesMailbox(name, identity.value))
    case 'uri':
      return names.some((name) => name.type === 'uri' && foldUri(name.value) === foldUri(identity.value))
  }
}

const labelPattern = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** RFC 9525 §6.3: labels of ASCII, compared without case; one dot at the end is the root and no part of the name. */
function referenceHost(text: string): readonly string[] | undefined {
  const labels = asciiLowerCase(text).replace(/\.$/, '').split('.')
  // An address is no host name, whoever wrote it where one belongs.
  if (parseIpAddress(text) !== undefined || /^[0-9]+$/.test(labels.at(-1) ?? '')) return undefined
  return labels.every((label) => labelPattern.test(label)) ? labels : undefined
}

/**
 * RFC 9525 §6.3: a wildcard is the whole left-most label and stands for exactly one. `*.com` and `*` stand for nothing:
 * no one may speak for a top-level domain.
 */
function matchesHost(presented: string, host: readonly string[]): boolean {
  const [first, ...others] = asciiLowerCase(presented).split('.')
  const isWildcard = first === '*' && others.length >= 2
  const labels = isWildcard ? others : [first ?? '', ...others]
  if (!labels.every((label) => labelPattern.test(label))) return false
  const compared = isWildcard ? host.slice(1) : host
  return compared.length === labels.length && compared.every((label, i) => label === labels[i])
}

function matchesMailbox(name: GeneralName, wanted: string): boolean {
  if (name.type === 'email') return foldMailbox(name.value) === foldMailbox(wanted)
  if (name.type !== 'otherName' || name.typeId !== smtpUtf8Mailbox) return false
  const mailbox = utf8StringIn(name.valueDer)
  return mailbox !== undefined && foldMailbox(mailbox) === foldMailbox(wanted)
}

function utf8StringIn(der: Uint8Array): string | undefined {
  try {
    return utf8Decode(new DerReader(der).read(Tag.utf8String))
  } catch (error) {
    if (isPkiError(error) || error instanceof TypeError) return undefined
    throw error
  }
}

function foldMailbox(mailbox: string): string {
  const at = mailbox.lastIndexOf('@')
  return mailbox.slice(0, at) + asciiLowerCase(mailbox.slice(at))
}

function foldUri(uri: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?/i.exec(uri)?.[0] ?? ''
  return asciiLowerCase(authority) + uri.slice(authority.length)
}
