import { describe, expect, it } from 'vitest'
import type { ProfileDefinition } from './profile.js'
import { createProfiles } from './profiles.js'
import { type RequestedNames } from './requested-names.js'
import { apply, outcome } from './test-wishes.js'

describe('applyProfile: a server whose profile lacks a kind', () => {
  const server: ProfileDefinition = {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
    nameKinds: ['uri'],
  }
  const known = createProfiles({ uris: server, none: { ...server, nameKinds: [] } })

  it.each([
    ['192.0.2.1', 'name_refused/kind'],
    ['a.example.org', 'name_refused/kind'],
    ['*', 'name_refused/kind'],
    ['My Server', 'ok'],
    ['localhost', 'ok'],
  ])('with the common name %s: %s', (commonName, expected) => {
    expect(outcome({ profile: 'uris', commonName }, known)).toBe(expected)
  })

  it('says so where it has none at all', () => {
    expect(() => apply({ profile: 'none', names: { uri: ['urn:a:b'] } }, known)).toThrow(
      'it allows no subject alternative names',
    )
  })
})

describe('applyProfile: name rules', () => {
  const base: ProfileDefinition = {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
    nameKinds: ['dns', 'ip', 'email', 'uri'],
    wildcards: true,
  }
  const ruled = createProfiles({
    permitting: {
      ...base,
      nameRules: {
        permit: {
          dns: ['*.internal.example', 'one.example'],
          ip: ['10.0.0.0/9'],
          email: ['example.org', 'root@a.example'],
          uri: ['*.example.org'],
        },
        deny: { dns: ['db.internal.example'], ip: ['10.1.0.0/16', '2001:db8::1', 'a7f::/16'] },
      },
    },
    nothing: { ...base, nameRules: { permit: { ip: [] } } },
  })

  it.each<[name: Partial<RequestedNames>, expected: string]>([
    [{ dns: ['a.b.internal.example'] }, 'ok'],
    [{ dns: ['one.example'] }, 'ok'],
    [{ dns: ['internal.example'] }, 'name_refused/*.internal.example, one.example'],
    [{ dns: ['xinternal.example'] }, 'name_refused/*.internal.example, one.example'],
    [{ dns: ['*.a.internal.example'] }, 'ok'],
    [{ dns: ['DB.internal.example'] }, 'name_refused/db.internal.example'],
    // stands for db.internal.example too
    [{ dns: ['*.internal.example'] }, 'name_refused/db.internal.example'],
    [{ dns: ['*.one.example'] }, 'name_refused/*.internal.example, one.example'],
    [{ ip: ['10.127.0.1'] }, 'ok'],
    [{ ip: ['10.1.0.1'] }, 'name_refused/10.1.0.0/16'],
    // a00:: begins with the octets of 10.0.0.0, and is no address of that range
    [{ ip: ['a00::1'] }, 'name_refused/10.0.0.0/9'],
    [{ dns: ['x.internal.example'] }, 'ok'],
    [{ ip: ['2001:db8::1'] }, 'name_refused/2001:db8::1'],
    [{ ip: ['2001:db8::2'] }, 'name_refused/10.0.0.0/9'],
    [{ ip: ['10.128.0.1'] }, 'name_refused/10.0.0.0/9'],
    [{ email: ['alice@example.org', 'root@a.example'] }, 'ok'],
    [{ email: ['alice@mail.example.org'] }, 'name_refused/example.org, root@a.example'],
    [{ uri: ['https://a.example.org/'] }, 'ok'],
    [{ uri: ['urn:a.example.org'] }, 'name_refused/*.example.org'],
    // Permitted is what stands on the list, and a wildcard stands for more than one of them.
    [{ dns: ['*.example'] }, 'name_refused/wildcard'],
    [{ ip: ['::a00:1'] }, 'name_refused/10.0.0.0/9'],
  ])('%j: %s', (names, expected) => {
    expect(outcome({ profile: 'permitting', names }, ruled)).toBe(expected)
  })

  it('a wildcard stands for more than the one host below it that is permitted', () => {
    const one = createProfiles({ one: { ...base, nameRules: { permit: { dns: ['db.internal.example'] } } } })
    expect(outcome({ profile: 'one', names: { dns: ['db.internal.example'] } }, one)).toBe('ok')
    expect(outcome({ profile: 'one', names: { dns: ['*.internal.example'] } }, one)).toBe(
      'name_refused/db.internal.example',
    )
  })

  it('an empty permit list refuses its kind', () => {
    expect(outcome({ profile: 'nothing', names: { ip: ['10.0.0.1'] } }, ruled)).toBe('name_refused/')
    expect(outcome({ profile: 'nothing', names: { dns: ['a.example'] } }, ruled)).toBe('ok')
  })

  it('says which rule decided', () => {
    const wish = { profile: 'one', names: { dns: ['db.example.org'] } }
    const one = createProfiles({ one: { ...base, nameRules: { permit: { dns: ['*.internal.example'] } } } })
    expect(() => apply(wish, one)).toThrow(
      'Cannot issue certificate: DNS name "db.example.org" is not permitted by rule "*.internal.example"',
    )
    expect(() => apply({ profile: 'permitting', names: { dns: ['a.org'] } }, ruled)).toThrow(
      'is not permitted by any of the rules "*.internal.example, one.example"',
    )
    expect(() => apply({ profile: 'nothing', names: { ip: ['10.0.0.1'] } }, ruled)).toThrow(
      'is of a kind of which the profile permits none',
    )
  })
})
