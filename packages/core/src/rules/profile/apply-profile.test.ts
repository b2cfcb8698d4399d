import { describe, expect, it } from 'vitest'
import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { decodeExtension, type ExtensionType, findExtension } from '../../x509/extension.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { knownExtensions } from '../../x509/known-extensions.js'
import { formatName } from '../../x509/name.js'
import { chooseNames } from './choose-names.js'
import type { ProfileDefinition } from './profile.js'
import { createProfiles, type Profiles } from './profiles.js'
import { noNames } from './requested-names.js'
import { parseIpName } from './ip-name.js'
import { apply, outcome, type Wish } from './test-wishes.js'

const dns = (count: number) => Array.from({ length: count }, (_, i) => `h${i}.org`)

describe('applyProfile: names', () => {
  it('takes a common name that is a host among the subject alternative names, folds duplicates and keeps the order', () => {
    const spec = apply({
      commonName: 'API.example.org',
      names: {
        dns: ['b.example.org', 'api.example.org', 'B.example.org', 'a.example.org'],
        ip: ['2001:DB8::0:1'],
      },
    })
    expect(formatName(spec.subject)).toBe('CN=api.example.org')
    expect(spec.commonName).toBe('api.example.org')
    expect(spec.sanDns).toEqual(['api.example.org', 'b.example.org', 'a.example.org'])
    expect(spec.sanIp).toEqual(['2001:db8::1'])
    expect(spec.subjectAltNames).toEqual([
      { type: 'dns', value: 'api.example.org' },
      { type: 'dns', value: 'b.example.org' },
      { type: 'dns', value: 'a.example.org' },
      { type: 'ip', address: parseIpName('2001:db8::1').address },
    ])
  })

  it('counts what is asked for, a hundred at most, and not what is left of it', () => {
    expect(apply({ names: { dns: dns(99), uri: ['urn:a:b'] } }).subjectAltNames).toHaveLength(100)
    expect(apply({ commonName: 'h0.org', names: { dns: dns(100) } }).subjectAltNames).toHaveLength(100)
    const twice = () => apply({ names: { dns: [...dns(99), 'h0.org'], uri: ['urn:a:b'] } })
    expect(twice).toThrow(
      expect.objectContaining({
        code: 'request_too_large',
        context: { item: 'names', count: 101, maximum: 100 },
      }),
    )
  })

  it.each<[sentence: string, profile: string, commonName: string, sanDns: string[], sanIp: string[]]>([
    ['an IPv4 address', 'serverAuth', '192.0.2.1', [], ['192.0.2.1']],
    ['an IPv6 address', 'serverAndClientAuth', '2001:DB8::1', [], ['2001:db8::1']],
    ['a single label of a server', 'serverAuth', 'localhost', ['localhost'], []],
    ['a wildcard', 'serverAuth', '*.example.org', ['*.example.org'], []],
    ['a person', 'serverAndClientAuth', 'Alice Smith', [], []],
    ['a single label of a client is no host', 'clientAuth', 'alice', [], []],
    ['a dotted name of a client is one', 'clientAuth', 'device.example.org', ['device.example.org'], []],
    ['a host in a profile without hosts is free text', 'codeSigning', 'example.org', [], []],
    ['an address in a profile without addresses is free text', 'codeSigning', '192.0.2.1', [], []],
    ['a mailbox is no host', 'serverAndClientAuth', 'alice@example.org', [], []],
    ['a sentence with a host at its end is none', 'serverAndClientAuth', 'see my_host.example.org', [], []],
    [
      'a sentence with a host at its start is none',
      'serverAndClientAuth',
      'my_host.example.org is it',
      [],
      [],
    ],
    ['64 characters', 'clientAuth', 'é'.repeat(64), [], []],
    ['what only looks like a host, for a client', 'clientAuth', 'my_host.example.org', [], []],
  ])('%s', (_, profile, commonName, sanDns, sanIp) => {
    const spec = apply({ profile, commonName })
    expect([spec.sanDns, spec.sanIp]).toEqual([sanDns, sanIp])
  })

  it('an empty subject makes subjectAltName critical (RFC 5280 §4.2.1.6)', () => {
    const isCritical = [{ names: { dns: ['a.example.org'] } }, { commonName: 'a.example.org' }].map(
      (wish) => apply(wish).extensions.find(({ oid }) => oid === '2.5.29.17')?.critical,
    )
    expect(isCritical).toEqual([true, false])
  })

  it.each<[sentence: string, wish: Wish, expected: string]>([
    ['no name at all', {}, 'name_refused/required'],
    ['a server without host', { profile: 'serverAuth', commonName: 'My Server' }, 'name_refused/required'],
    ['mail without address', { profile: 'emailProtection', commonName: 'Alice' }, 'name_refused/required'],
    [
      'a kind that the profile does not have',
      { profile: 'emailProtection', names: { dns: ['a.org'] } },
      'name_refused/kind',
    ],
    [
      'a wildcard where there are none',
      { profile: 'clientAuth', names: { dns: ['*.a.org'] } },
      'name_refused/wildcard',
    ],
    [
      'a common name of a server that only looks like a host',
      { commonName: 'my_host.example.org' },
      'name_refused/label',
    ],
    ['a common name with a star', { commonName: '*' }, 'name_refused/wildcard'],
    ['an empty common name', { commonName: ' ' }, 'name_refused/empty'],
    ['a common name with white space around', { commonName: ' Alice' }, 'name_refused/character'],
    ['a common name with a NUL', { commonName: 'a\0b' }, 'name_refused/character'],
    ['a common name that runs backwards', { commonName: 'gro.\u202eexample' }, 'name_refused/character'],
    [
      'a common name of 65 characters (ub-common-name)',
      { commonName: 'é'.repeat(65) },
      'name_refused/length',
    ],
    [
      '10,000 names',
      { names: { dns: Array.from({ length: 10_000 }, (_, i) => `h${i}.org`) } },
      'request_too_large',
    ],
    [
      '100 names and a common name',
      { commonName: 'x.org', names: { dns: Array.from({ length: 100 }, (_, i) => `h${i}.org`) } },
      'request_too_large',
    ],
    [
      'a single label in public',
      { profile: 'publicServerAuth', commonName: 'localhost' },
      'name_refused/qualified',
    ],
    [
      'a private address in public',
      { profile: 'publicServerAuth', names: { ip: ['10.1.2.3'] } },
      'name_refused/10.0.0.0/8',
    ],
    [
      'a domain of nobody in public',
      { profile: 'publicServerAuth', commonName: 'db.internal' },
      'name_refused/*.internal',
    ],
  ])('refuses %s', (_, wish, expected) => {
    expect(outcome(wish)).toBe(expected)
  })

  it('an address of IPv6 is no single label, also where those are refused', () => {
    expect(outcome({ profile: 'publicServerAuth', names: { ip: ['2606:4700::1111'] } })).toBe('ok')
  })

  it('says which subject lacks a name, and which kinds the profile has', () => {
    expect(() => apply({ profile: 'serverAuth', commonName: 'My Server' })).toThrow(
      expect.objectContaining({ context: { kind: 'subject', name: 'My Server', rule: 'required' } }),
    )
    expect(() => apply({ profile: 'serverAuth' })).toThrow(
      expect.objectContaining({ context: { kind: 'subject', name: '', rule: 'required' } }),
    )
    expect(() => apply({ profile: 'codeSigning', names: { dns: ['a.org'] } })).toThrow('it allows email, uri')
  })
})

/** Name, criticality and value of each extension. */
const written = (wish: Wish, known?: Profiles) =>
  apply(wish, known).extensions.map((extension) => {
    const type = knownExtensions.get(extension.oid) as ExtensionType<unknown>
    return [type.name, extension.critical, decodeExtension(extension, type)]
  })

describe('applyProfile: key and extensions', () => {
  it.each<[profile: string, key: KeyAlgorithm, usages: readonly string[]]>([
    ['serverAuth', 'RSA-2048', ['digitalSignature', 'keyEncipherment']],
    ['serverAuth', 'ECDSA-P384', ['digitalSignature']],
    ['serverAuth', 'Ed25519', ['digitalSignature']],
    ['serverAuth', 'ML-DSA-44', ['digitalSignature']],
    ['serverAuth', 'SLH-DSA-SHA2-128s', ['digitalSignature']],
    ['emailProtection', 'ECDSA-P256', ['digitalSignature', 'keyAgreement']],
  ])('%s gives a key of type %s %j', (profile, algorithm, usages) => {
    const spec = apply({
      profile,
      key: algorithm,
      names: profile === 'serverAuth' ? { dns: ['a.org'] } : { email: ['a@a.org'] },
    })
    expect(findExtension(spec.extensions, keyUsage)).toEqual(usages)
    expect(spec.keyAlgorithm).toBe(algorithm)
  })

  const policy = '1.3.6.1.4.1.32473.7'
  const device: ProfileDefinition = {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['clientAuth'],
    extendedKeyUsageCritical: true,
    nameKinds: ['uri'],
    certificatePolicies: [policy],
  }

  it('writes what it fixes around the names: no CA, usages, purposes, policies (RFC 5280 §4.2.1)', () => {
    const known = createProfiles({ device })
    const wish = { profile: 'device', commonName: 'd1', names: { uri: ['urn:d:1'] } }
    const expected = [
      ['basicConstraints', true, { isCa: false, pathLength: undefined }],
      ['keyUsage', true, ['digitalSignature']],
      ['extendedKeyUsage', true, ['1.3.6.1.5.5.7.3.2']],
      ['subjectAltName', false, [{ type: 'uri', value: 'urn:d:1' }]],
      ['certificatePolicies', false, [{ policyIdentifier: policy, qualifiers: [] }]],
    ]
    expect(written(wish, known)).toEqual(expected)
    // and the same for the next certificate, whose fixed part is not encoded again
    expect(written(wish, known)).toEqual(expected)
    const { subjectAltNames, extendedKeyUsage: purposes, noRevocation } = apply(wish, known)
    expect([subjectAltNames, purposes, noRevocation]).toEqual([
      [{ type: 'uri', value: 'urn:d:1' }],
      ['1.3.6.1.5.5.7.3.2'],
      false,
    ])
  })

  it.each([
    ['shortLived', 'noRevAvail', true],
    ['ocspSigning', 'ocspNoCheck', false],
  ])(
    '%s has %s, which is not critical (RFC 9608 §2, RFC 6960 §4.2.2.2.1), and no policy',
    (profile, name, is) => {
      const wish = { profile, commonName: 'One of ours' }
      expect(written(wish).slice(2)).toEqual([
        ['extendedKeyUsage', false, apply(wish).extendedKeyUsage],
        [name, false, true],
      ])
      expect(apply(wish).noRevocation).toBe(is)
    },
  )

  it('ocspSigning has ocspNoCheck (RFC 6960 §4.2.2.2.1) and its purpose alone', () => {
    const spec = apply({ profile: 'ocspSigning', commonName: 'OCSP 1' })
    expect(spec.extensions.map(({ oid }) => knownExtensions.get(oid)?.name)).toContain('ocspNoCheck')
    expect(findExtension(spec.extensions, extendedKeyUsage)).toEqual(['1.3.6.1.5.5.7.3.9'])
  })

  it.each<[sentence: string, wish: Wish, expected: string]>([
    [
      'a key type that the profile does not allow',
      { profile: 'publicServerAuth', key: 'Ed25519', commonName: 'a.org' },
      'profile_refused/Ed25519',
    ],
    ['an RSA size that is in no table', { key: 'RSA-2056', commonName: 'a.org' }, 'profile_refused/RSA-2056'],
  ])('refuses %s', (_, wish, expected) => {
    expect(outcome(wish)).toBe(expected)
  })
})

it('chooseNames takes what the body gives, field by field, and an empty list counts', () => {
  const csr = { commonName: 'csr', names: { ...noNames, dns: ['csr.org'], ip: ['192.0.2.1'] } }
  expect(chooseNames({ commonName: 'body', sanIp: [] }, csr)).toEqual({
    commonName: 'body',
    names: { ...noNames, dns: ['csr.org'] },
  })
  expect(chooseNames({})).toEqual({ commonName: undefined, names: noNames })
})
