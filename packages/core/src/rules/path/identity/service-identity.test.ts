import { describe, expect, it } from 'vitest'
import { encode, explicit, utf8String } from '../../../asn1/der-writer.js'
import { createExtension } from '../../../x509/extension.js'
import { subjectAltName } from '../../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../../x509/general-name.js'
import { certificateOf, newKey } from '../test-certificates.js'
import { isIdentifiedBy, type ServiceIdentity } from './service-identity.js'

const key = newKey()
const withNames = (...names: GeneralName[]) =>
  certificateOf({
    name: 'someone',
    key,
    extensions: [createExtension(subjectAltName, names, { critical: false })],
  })
const dns = (value: string): GeneralName => ({ type: 'dns', value })
const smtpUtf8 = (mailbox: string): GeneralName => ({
  type: 'otherName',
  typeId: '1.3.6.1.5.5.7.8.9',
  valueDer: encode(utf8String(mailbox)),
})

describe('RFC 9525: a presented identifier', () => {
  const rows: [string, boolean, GeneralName, ServiceIdentity][] = [
    ['matches itself', true, dns('db.example.org'), { type: 'dns', value: 'db.example.org' }],
    ['matches without case', true, dns('DB.Example.org'), { type: 'dns', value: 'db.EXAMPLE.org' }],
    [
      'matches a name with the dot of the root',
      true,
      dns('db.example.org'),
      { type: 'dns', value: 'db.example.org.' },
    ],
    ['matches one label by a wildcard', true, dns('*.example.org'), { type: 'dns', value: 'db.example.org' }],
    [
      'does not match two labels by a wildcard',
      false,
      dns('*.example.org'),
      { type: 'dns', value: 'a.b.example.org' },
    ],
    [
      'does not match the domain itself by a wildcard',
      false,
      dns('*.example.org'),
      { type: 'dns', value: 'example.org' },
    ],
    [
      'has no wildcard inside a label',
      false,
      dns('d*.example.org'),
      { type: 'dns', value: 'db.example.org' },
    ],
    ['has no wildcard in another label', false, dns('db.*.org'), { type: 'dns', value: 'db.example.org' }],
    ['has no wildcard for a top-level domain', false, dns('*.org'), { type: 'dns', value: 'example.org' }],
    ['is no wildcard alone', false, dns('*'), { type: 'dns', value: 'localhost' }],
    ['does not match by suffix', false, dns('example.org'), { type: 'dns', value: 'evilexample.org' }],
    ['that is a DNS name is no address', false, dns('127.0.0.1'), { type: 'dns', value: '127.0.0.1' }],
    [
      'is an address',
      true,
      { type: 'ip', address: Uint8Array.of(127, 0, 0, 1) },
      { type: 'ip', value: '127.0.0.1' },
    ],
    [
      'is no address of the other version',
      false,
      { type: 'ip', address: Uint8Array.of(127, 0, 0, 1) },
      { type: 'ip', value: '::ffff:7f00:1' },
    ],
    [
      'is a mailbox, its domain without case',
      true,
      { type: 'email', value: 'Ada@Example.org' },
      { type: 'email', value: 'Ada@example.ORG' },
    ],
    [
      'is a mailbox, its local part with case',
      false,
      { type: 'email', value: 'Ada@example.org' },
      { type: 'email', value: 'ada@example.org' },
    ],
    [
      'may be a mailbox beyond ASCII (RFC 9598)',
      true,
      smtpUtf8('ÄDA@example.org'),
      { type: 'email', value: 'ÄDA@example.org' },
    ],
    [
      'is a URI, scheme and host without case',
      true,
      { type: 'uri', value: 'spiffe://Example.org/db' },
      { type: 'uri', value: 'SPIFFE://example.org/db' },
    ],
    [
      'is a URI, its path with case',
      false,
      { type: 'uri', value: 'spiffe://example.org/DB' },
      { type: 'uri', value: 'spiffe://example.org/db' },
    ],
    [
      'is of its own type only',
      false,
      { type: 'uri', value: 'https://db.example.org' },
      { type: 'dns', value: 'db.example.org' },
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, name, identity) => {
    expect(isIdentifiedBy(withNames(name), identity)).toBe(expected)
  })

  it('may be one of several, and its neighbours do not matter', () => {
    const malformed = {
      type: 'otherName',
      typeId: '1.3.6.1.5.5.7.8.9',
      valueDer: encode(explicit(0)),
    } as const
    const certificate = withNames(dns('x'), malformed, smtpUtf8('x'), dns('db.example.org'))
    expect(isIdentifiedBy(certificate, { type: 'dns', value: 'db.example.org' })).toBe(true)
    expect(isIdentifiedBy(certificate, { type: 'email', value: 'a@example.org' })).toBe(false)
  })
})

describe('of several names', () => {
  const names = withNames(
    dns('a.example.org'),
    dns('b.example.org'),
    { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) },
    { type: 'ip', address: Uint8Array.of(192, 0, 2, 2) },
    { type: 'email', value: 'alice@example.org' },
    { type: 'email', value: 'bob@example.org' },
    { type: 'uri', value: 'https://example.org/a' },
    { type: 'uri', value: 'https://example.org/b' },
  )

  it.each<ServiceIdentity>([
    { type: 'dns', value: 'b.example.org' },
    { type: 'ip', value: '192.0.2.2' },
    { type: 'email', value: 'bob@example.org' },
    { type: 'uri', value: 'https://example.org/b' },
  ])('one is enough: $type', (identity) => {
    expect(isIdentifiedBy(names, identity)).toBe(true)
  })

  it('none is enough where there are none, and the common name is not asked', () => {
    const nameless = certificateOf({ name: 'db.example.org', key, extensions: [] })
    for (const type of ['dns', 'ip', 'email', 'uri'] as const) {
      expect(isIdentifiedBy(nameless, { type, value: 'db.example.org' })).toBe(false)
    }
  })

  it('a text is a name of one form alone', () => {
    const value = 'alice@example.org'
    expect(isIdentifiedBy(withNames({ type: 'email', value }), { type: 'uri', value })).toBe(false)
    expect(isIdentifiedBy(withNames({ type: 'uri', value }), { type: 'email', value })).toBe(false)
  })
})

describe('a reference that is no host', () => {
  it.each([
    ['an address of version 6', '::1', '::1'],
    ['an address in letters of another notation', '1.2.3.0x4', '1.2.3.0x4', true],
    ['a name whose last label is a number', 'a.12', 'a.12'],
    ['a name with an empty label', 'a..org', 'a..org'],
    ['a name with a blank in one label', 'a b.org', 'a b.org'],
    ['a label of 64 characters', `${'a'.repeat(64)}.org`, `${'a'.repeat(64)}.org`],
    ['nothing', 'a', ''],
    ['the Kelvin sign is no k', 'k.org', '\u212a.org'],
  ])('%s is nobody’s name, whatever the certificate says', (_, presented, value, isHost = false) => {
    expect(isIdentifiedBy(withNames(dns(presented)), { type: 'dns', value })).toBe(isHost)
  })

  it.each(['1a.org', 'a1.org', 'a.org1', 'a.1org', `${'a'.repeat(63)}.org`])('%s is one', (value) => {
    expect(isIdentifiedBy(withNames(dns(value)), { type: 'dns', value })).toBe(true)
  })

  it('no address is found for what is none', () => {
    const names = withNames({ type: 'ip', address: Uint8Array.of(192, 0, 2, 1) })
    expect(isIdentifiedBy(names, { type: 'ip', value: 'db.example.org' })).toBe(false)
  })
})

describe('a wildcard', () => {
  it.each([
    ['*.a_b.example.org', 'x.a_b.example.org', true],
    ['*.a b.org', 'x.a b.org', false],
    ['*.example.org', 'example.org', false],
    ['*.example.org', 'a.b.example.org', false],
  ])('%s stands for %s: %s', (presented, value, stands) => {
    expect(isIdentifiedBy(withNames(dns(presented)), { type: 'dns', value })).toBe(stands)
  })
})

describe('a mailbox', () => {
  it('is compared by its domain without case, and by its local part as it is', () => {
    const names = withNames({ type: 'email', value: 'A@b@Example.org' })
    expect(isIdentifiedBy(names, { type: 'email', value: 'A@b@example.ORG' })).toBe(true)
    expect(isIdentifiedBy(names, { type: 'email', value: 'a@b@example.org' })).toBe(false)
    expect(isIdentifiedBy(names, { type: 'email', value: 'A@B@example.org' })).toBe(false)
  })

  it('beyond ASCII is in an otherName of its own, which is UTF-8', () => {
    const value = 'δ@example.org'
    const other = { ...smtpUtf8(value), typeId: '1.2.3.4' } as GeneralName
    const text = { ...smtpUtf8(value), valueDer: Uint8Array.of(0x16, 1, 0x41) } as GeneralName
    const broken = { ...smtpUtf8(value), valueDer: Uint8Array.of(0x0c, 1, 0xff) } as GeneralName
    expect(isIdentifiedBy(withNames(dns('x'), smtpUtf8(value)), { type: 'email', value })).toBe(true)
    // The Kelvin sign is no k.
    const kelvin = smtpUtf8('δ@\u212a.org')
    expect(isIdentifiedBy(withNames(kelvin), { type: 'email', value: 'δ@k.org' })).toBe(false)
    for (const name of [other, text, broken])
      expect(isIdentifiedBy(withNames(name), { type: 'email', value })).toBe(false)
  })
})

describe('a URI', () => {
  it.each([
    ['HTTPS://Example.ORG/Path', 'https://example.org/Path', true],
    ['https://example.org/path', 'https://example.org/Path', false],
    ['https://example.org?Q', 'https://EXAMPLE.org?q', false],
    ['URN:Example', 'urn:Example', true],
    ['urn:Example', 'urn:example', false],
    ['a.b/c://D', 'A.b/c://D', false],
    ['-x:Y', '-X:y', false],
  ])('%s is %s: %s', (presented, value, isSame) => {
    expect(isIdentifiedBy(withNames({ type: 'uri', value: presented }), { type: 'uri', value })).toBe(isSame)
  })
})
