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
