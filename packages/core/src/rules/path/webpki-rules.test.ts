import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension, type ExtensionType } from '../../x509/extension.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { GeneralName } from '../../x509/general-name.js'
import { createName, emptyName } from '../../x509/name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import type { PathRole } from './path-settings.js'
import { certificateOf, newKey } from './test-certificates.js'
import { noPublicSuffixWildcard, webpkiRules } from './webpki-rules.js'

const key = newKey()
const as = <T>(type: ExtensionType<T>, value: T, critical = false): Extension =>
  createExtension(type, value, { critical })
const dns = (value: string): GeneralName => ({ type: 'dns', value })
const names = (...values: GeneralName[]) => as(subjectAltName, values)
const forServers = as(extendedKeyUsage, [keyPurposes.serverAuth])
const identifier = Uint8Array.of(1, 2, 3)

/** Named `db.example.org`, as its common name has it. */
const certificate = (...extensions: Extension[]) => certificateOf({ name: 'db.example.org', key, extensions })
const sound = [names(dns('db.example.org')), forServers]

/** Every rule that is broken: its clause and what it says. */
const broken = (one: Certificate, role: PathRole): readonly string[] =>
  webpkiRules.flatMap((rule) => {
    const found = rule(one, role)
    return found === undefined ? [] : [`${found.clause}: ${found.state}`]
  })

describe('the certificate of a subscriber', () => {
  it('breaks no rule where it is as it should be', () => {
    expect(broken(certificate(...sound), 'endEntity')).toEqual([])
  })

  it.each<[string, readonly Extension[], readonly string[]]>([
    [
      'without names',
      [forServers],
      [
        'BR §7.1.2.7.12: has no subjectAltName',
        'BR §7.1.4.3: has a common name that is not, to the letter, among its subjectAltNames',
      ],
    ],
    [
      'with critical names beside a subject',
      [as(subjectAltName, [dns('db.example.org')], true), forServers],
      ['BR §7.1.2.7.12: has a critical subjectAltName beside a subject'],
    ],
    [
      'whose common name is none of its names',
      [names(dns('DB.example.org'), dns('other.example.org')), forServers],
      ['BR §7.1.4.3: has a common name that is not, to the letter, among its subjectAltNames'],
    ],
    [
      'whose common name is that of another kind',
      [names({ type: 'email', value: 'db.example.org' }), forServers],
      ['BR §7.1.4.3: has a common name that is not, to the letter, among its subjectAltNames'],
    ],
    ['without purposes', [sound[0] as Extension], ['BR §7.1.2.7.10: has no extendedKeyUsage']],
    [
      'with critical purposes',
      [sound[0] as Extension, as(extendedKeyUsage, [keyPurposes.serverAuth], true)],
      ['BR §7.1.2.7.10: has a critical extendedKeyUsage'],
    ],
    [
      'for any purpose',
      [
        sound[0] as Extension,
        as(extendedKeyUsage, [keyPurposes.serverAuth, keyPurposes.anyExtendedKeyUsage]),
      ],
      ['BR §7.1.2.7.10: is for any purpose'],
    ],
    [
      'that is a CA',
      [...sound, as(basicConstraints, { isCa: true, pathLength: undefined }, true)],
      ['BR §7.1.2.7.6: is a CA'],
    ],
  ])('%s', (_, extensions, expected) => {
    expect(broken(certificate(...extensions), 'endEntity')).toEqual(expected)
    // Of a CA above it none of this is asked.
    expect(broken(certificate(...extensions), 'intermediate')).toEqual([])
  })

  it('may say that it is no CA, and be named after an address', () => {
    const noCa = as(basicConstraints, { isCa: false, pathLength: undefined }, true)
    expect(broken(certificate(...sound, noCa), 'endEntity')).toEqual([])
    const address = names({ type: 'ip', address: Uint8Array.of(192, 0, 2, 1) })
    const byAddress = certificateOf({ name: '192.0.2.1', key, extensions: [address, forServers] })
    expect(broken(byAddress, 'endEntity')).toEqual([])
  })

  it('may have critical names where it has no subject', () => {
    const critical = certificate(as(subjectAltName, [dns('db.example.org')], true), forServers)
    expect(broken({ ...critical, subject: emptyName }, 'endEntity')).toEqual([])
  })
})

describe('the certificate of a root', () => {
  it('has no purposes', () => {
    expect(broken(certificate(forServers), 'trustAnchor')).toEqual([
      'BR §7.1.2.1.2: is a root with an extendedKeyUsage',
    ])
    expect(broken(certificate(), 'trustAnchor')).toEqual([])
  })

  const own = as(subjectKeyIdentifier, identifier)
  const other = as(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(9) })
  const message = 'BR §7.1.2.1.3: is a root whose authorityKeyIdentifier is not its subjectKeyIdentifier'
  it.each<[string, readonly Extension[], readonly string[]]>([
    ['its own', [own, as(authorityKeyIdentifier, { keyIdentifier: identifier })], []],
    ['another one', [own, other], [message]],
    ['one, and has none itself', [other], [message]],
    ['nothing', [own, as(authorityKeyIdentifier, {})], [message]],
  ])('names as the key of its issuer %s', (_, extensions, expected) => {
    expect(broken(certificate(...extensions), 'trustAnchor')).toEqual(expected)
  })

  it('that another CA has issued names that one’s key', () => {
    const crossed = certificateOf({ name: 'A', key, issuer: { name: 'B', key }, extensions: [own, other] })
    expect(broken(crossed, 'trustAnchor')).toEqual([])
  })
})

describe('any certificate', () => {
  const message = 'BR §7.1.2.11.1: names its issuer in authorityKeyIdentifier by more than the key'
  const directory = { type: 'directoryName', name: createName({ commonName: 'CA' }) } as const

  it.each<PathRole>(['endEntity', 'intermediate', 'trustAnchor'])(
    '%s: names the key of its issuer, and no more',
    (role) => {
      const both = {
        authorityCertIssuer: [directory],
        authorityCertSerialNumber: parseSerialNumber('01'),
      }
      const one = certificate(...sound, as(authorityKeyIdentifier, both))
      expect(broken(one, role)).toContain(message)
      expect(broken(certificate(...sound), role)).not.toContain(message)
    },
  )

  it.each([
    [2048, []],
    [2056, []],
    [2050, ['BR §6.1.5: has an RSA modulus of 2050 bits']],
  ] as const)('has an RSA modulus of whole octets: %s bits', (modulusLength, expected) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength })
    const spkiDer = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
    expect(broken({ ...certificate(), spkiDer }, 'intermediate')).toEqual(expected)
  })
})

describe('a wildcard (BR §3.2.2.6)', () => {
  const rule = noPublicSuffixWildcard((domain) => domain === 'co.uk')
  const found = (role: PathRole, ...values: GeneralName[]) => rule(certificate(names(...values)), role)

  it('directly below a public suffix speaks for others', () => {
    expect(found('endEntity', dns('example.co.uk'), dns('*.co.uk'))).toEqual({
      state: 'has a wildcard directly below a public suffix',
      clause: 'BR §3.2.2.6',
    })
  })

  it.each([
    ['below somebody’s domain', 'endEntity', dns('*.example.co.uk')],
    ['that is none: the suffix itself', 'endEntity', dns('co.uk')],
    ['that is none: a name that only ends like one', 'endEntity', dns('x.co.uk')],
    ['of another kind of name', 'endEntity', { type: 'email', value: '*.co.uk' }],
    ['of a CA', 'intermediate', dns('*.co.uk')],
  ] as const)('%s is let through', (_, role, name) => {
    expect(found(role, name)).toBeUndefined()
  })

  it('is not looked for where there are no names', () => {
    expect(rule(certificate(), 'endEntity')).toBeUndefined()
  })
})
