import { expect, it } from 'vitest'
import type { GeneralName } from '../../x509/general-name.js'
import { emptyName } from '../../x509/name.js'
import { readMailbox, unreadableBase, unreadableName, uriHost } from './constrained-names.js'

const dns = (value: string): GeneralName => ({ type: 'dns', value })
const email = (value: string): GeneralName => ({ type: 'email', value })
const uri = (value: string): GeneralName => ({ type: 'uri', value })
const readable: readonly GeneralName[] = [
  { type: 'ip', address: Uint8Array.of(10, 0, 0, 1) },
  { type: 'directoryName', name: emptyName },
]

it.each<[GeneralName, string | undefined]>([
  [dns('example.org'), undefined],
  [dns('*.a_b.Example.org'), undefined],
  [dns('a.*.org'), 'is no DNS name'],
  [dns('*.*.org'), 'is no DNS name'],
  [dns('a..org'), 'is no DNS name'],
  [dns('.org'), 'is no DNS name'],
  [dns('-a.org'), 'is no DNS name'],
  [dns(''), 'is no DNS name'],
  [email('alice@example.org'), undefined],
  [email('example.org'), 'is no mailbox'],
  [email('alice@a..org'), 'is no mailbox'],
  [uri('https://example.org/'), undefined],
  [uri('https://1a.org/'), undefined],
  [uri('https://a.1b/'), undefined],
  [uri('https://192.0.2.1/'), 'has an IP address for a host'],
  [uri('https://a.12/'), 'has an IP address for a host'],
  [uri('https://1/'), 'has an IP address for a host'],
  [uri('https://12/'), 'has an IP address for a host'],
  [uri('https://a..org/'), 'names no host'],
  [uri('urn:example'), 'names no host'],
  ...readable.map((name): [GeneralName, undefined] => [name, undefined]),
  [{ type: 'registeredId', oid: '1.2.3' }, 'is of a form that is not compared'],
])('the name %o can be compared, or not: %s', (name, reason) => {
  expect(unreadableName(name)).toBe(reason)
})

it.each<[GeneralName, string | undefined]>([
  [dns('example.org'), undefined],
  [dns('.example.org'), undefined],
  [dns(''), undefined],
  [dns('*.example.org'), 'is no host'],
  [dns('a..org'), 'is no host'],
  [dns('a.'), 'is no host'],
  [uri('.example.org'), undefined],
  [uri('https://example.org'), 'is no host'],
  [email('example.org'), undefined],
  [email('a b.org'), 'is no host'],
  [email('alice@example.org'), undefined],
  [email('alice@a..org'), 'is no mailbox'],
  [email('@example.org'), 'is no mailbox'],
  ...readable.map((name): [GeneralName, undefined] => [name, undefined]),
  [{ type: 'registeredId', oid: '1.2.3' }, 'is of a form that is not compared'],
])('the base %o can be used, or not: %s', (base, reason) => {
  expect(unreadableBase(base)).toBe(reason)
})

it.each([
  ['Alice@Example.ORG', 'Alice', 'example.org'],
  ['"Alice"@example.org', 'Alice', 'example.org'],
  ['"a b"@example.org', 'a b', 'example.org'],
  ['"a\\"b"@example.org', 'a"b', 'example.org'],
  ['"a@b"@example.org', 'a@b', 'example.org'],
])('the mailbox %s is %s at %s (RFC 5321 §4.1.2)', (text, local, host) => {
  expect(readMailbox(text)).toEqual({ local, host })
})

it.each([
  'a b@example.org',
  '"a@example.org',
  '"a"b"@example.org',
  'a@',
  '@a.org',
  'a',
  'a@b@c.org',
  'a@*.org',
])('%s is no mailbox', (text) => {
  expect(readMailbox(text)).toBeUndefined()
})

it.each([
  ['https://Example.org/path', 'Example.org'],
  ['https://example.org', 'example.org'],
  ['https://example.org:8443?q', 'example.org'],
  ['https://user:pass@example.org#f', 'example.org'],
  ['x+y://example.org', 'example.org'],
  ['https://example.org\\@evil.org/', undefined],
  ['https://[::1]/', undefined],
  ['https://example.org:port/', undefined],
  [' https://example.org/', undefined],
  ['1https://example.org/', undefined],
  ['//example.org/', undefined],
  ['https:example.org', undefined],
])('the host of %s is %s (RFC 3986 §3.2)', (text, host) => {
  expect(uriHost(text)).toBe(host)
})
