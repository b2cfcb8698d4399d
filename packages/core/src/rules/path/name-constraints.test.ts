import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode, utf8String } from '../../asn1/der-writer.js'
import type { GeneralSubtree } from '../../x509/extensions/name-constraints.js'
import type { GeneralName } from '../../x509/general-name.js'
import { parseIpAddress } from '../../x509/ip-address.js'
import { createName, emptyName } from '../../x509/name.js'
import { checkNameConstraints, createComparisonBudget } from './name-constraints.js'

const dns = (value: string) => ({ type: 'dns' as const, value })
const email = (value: string): GeneralName => ({ type: 'email', value })
const uri = (value: string): GeneralName => ({ type: 'uri', value })
const octets = (text: string): Uint8Array => parseIpAddress(text) as Uint8Array
const ip = (text: string): GeneralName => ({ type: 'ip', address: octets(text) })
const range = (address: string, mask: string): GeneralName => ({
  type: 'ip',
  address: Uint8Array.of(...octets(address), ...octets(mask)),
})
const directory = (organization: string, commonName?: string): GeneralName => ({
  type: 'directoryName',
  name: createName({ organization, commonName }),
})
const registeredId: GeneralName = { type: 'registeredId', oid: '1.2.3' }
const utf8Mailbox: GeneralName = {
  type: 'otherName',
  typeId: '1.3.6.1.5.5.7.8.9',
  valueDer: encode(utf8String('δ@example.org')),
}

const subtree = (base: GeneralName): GeneralSubtree => ({ base, minimum: 0 })
const check = (
  constraints: { permitted?: readonly GeneralSubtree[]; excluded?: readonly GeneralSubtree[] },
  subjectAltNames: readonly GeneralName[],
  subject = emptyName,
) =>
  checkNameConstraints(
    { permitted: constraints.permitted ?? [], excluded: constraints.excluded ?? [] },
    { subject, subjectAltNames },
    createComparisonBudget(),
  )?.fault ?? 'ok'

const permits = (base: GeneralName, name: GeneralName) => check({ permitted: [subtree(base)] }, [name])
const excludes = (base: GeneralName, name: GeneralName) => check({ excluded: [subtree(base)] }, [name])

const inside = 'ok'
const outside = 'name_not_permitted'
const undecided = 'name_constraint_unsupported'

/** The rules of §4.2.1.10 for hosts, as they stand there: one name, one subtree. */
const isIn = (name: string, where: string): boolean =>
  where === '' || name === where || name.endsWith(where.startsWith('.') ? where : `.${where}`)
/** Of a wildcard: the labels that names and subtrees of the law below are made of, and one that is in none of them. */
const standsFor = (name: string): readonly string[] =>
  name.startsWith('*.')
    ? ['a', 'b', 'db', 'example', 'org', 'other'].map((one) => `${one}${name.slice(1)}`)
    : [name]

const isInOneOf = (one: string, list: readonly GeneralSubtree[]): boolean =>
  list.some(({ base: where }) => where.type === 'dns' && isIn(one, where.value))

describe('checkNameConstraints', () => {
  it.each<[sentence: string, base: GeneralName, name: GeneralName, expected: string]>([
    ['a host is in its own subtree', dns('example.org'), dns('example.org'), inside],
    ['labels in front are in the subtree, however many', dns('example.org'), dns('a.b.example.org'), inside],
    ['letters in front are not', dns('example.org'), dns('badexample.org'), outside],
    ['case does not count', dns('Example.ORG'), dns('DB.example.org'), inside],
    ['a leading dot asks for a label in front', dns('.example.org'), dns('example.org'), outside],
    ['and takes it', dns('.example.org'), dns('a.example.org'), inside],
    ['the empty subtree has all hosts', dns(''), dns('example.org'), inside],
    ['a wildcard is permitted where all its names are', dns('example.org'), dns('*.example.org'), inside],
    [
      'a wildcard is not permitted where one of its names is',
      dns('db.example.org'),
      dns('*.example.org'),
      outside,
    ],
    ['a trailing dot is no host name', dns('example.org'), dns('example.org.'), undecided],
    ['an empty label is no host name', dns('example.org'), dns('a..example.org'), undecided],
    ['a subtree with a trailing dot is not compared', dns('example.org.'), dns('example.org'), undecided],

    ['a mailbox matches itself', email('alice@example.org'), email('alice@EXAMPLE.org'), inside],
    [
      'the case of a permitted local part counts (§7.5)',
      email('alice@example.org'),
      email('Alice@example.org'),
      outside,
    ],
    ['a host has all its mailboxes', email('example.org'), email('bob@example.org'), inside],
    ['and none of those below it', email('example.org'), email('bob@mail.example.org'), outside],
    ['a leading dot has those below', email('.example.org'), email('bob@mail.example.org'), inside],
    ['and not those at it', email('.example.org'), email('bob@example.org'), outside],
    [
      'a quoted local part is what it quotes',
      email('alice@example.org'),
      email('"al\\ice"@example.org'),
      inside,
    ],
    ['an @ in quotes ends no local part', email('example.org'), email('"a@evil.org"@example.org'), inside],
    ['a quote that does not end is no mailbox', email('example.org'), email('"alice@example.org'), undecided],
    ['an open backslash is no mailbox', email('example.org'), email('"alice\\"@example.org'), undecided],
    ['a local part with a space is no mailbox', email('example.org'), email('al ice@example.org'), undecided],

    ['a URI is known by its host', uri('example.org'), uri('https://example.org:8443/path?x#y'), inside],
    [
      'a host in a URI constraint is that host only',
      uri('example.org'),
      uri('https://a.example.org/'),
      outside,
    ],
    ['a leading dot has those below', uri('.example.org'), uri('https://a.example.org'), inside],
    [
      'the user in front of a host is not the host',
      uri('good.org'),
      uri('https://good.org@evil.org/'),
      outside,
    ],
    ['a backslash is not compared', uri('evil.org'), uri('https://good.org\\@evil.org/'), undecided],
    ['a URI without authority is refused (§4.2.1.10)', uri('example.org'), uri('urn:example:org'), undecided],
    ['a URI with an IPv4 host is refused', uri('example.org'), uri('https://192.0.2.1/'), undecided],
    ['a URI with an IPv6 host is refused', uri(''), uri('https://[2001:db8::1]/'), undecided],

    ['an address is in its range', range('10.0.0.0', '255.0.0.0'), ip('10.255.0.1'), inside],
    ['and not in another', range('10.0.0.0', '255.0.0.0'), ip('11.0.0.1'), outside],
    ['IPv6 is not in a range of IPv4', range('0.0.0.0', '0.0.0.0'), ip('2001:db8::1'), outside],
    ['a prefix need not end at an octet', range('2001:db8::', 'ffff:fffe::'), ip('2001:db9::1'), inside],

    [
      'a directory name is in the subtree of its prefix',
      directory('Example'),
      directory('Example', 'db'),
      inside,
    ],
    ['and not in that of another', directory('Other'), directory('Example', 'db'), outside],
    [
      'strings of names are compared prepared (§7.1)',
      directory('EXAMPLE  org'),
      directory('Example Org', 'db'),
      inside,
    ],

    ['forms that are not compared are refused', registeredId, registeredId, undecided],
    ['a constraint of one form says nothing of another', dns('example.org'), ip('10.0.0.1'), inside],
    [
      'an SmtpUTF8Mailbox is under e-mail constraints (RFC 9598 §6)',
      email('example.org'),
      utf8Mailbox,
      undecided,
    ],
  ])('permitted: %s', (_, base, name, expected) => {
    expect(permits(base, name)).toBe(expected)
  })

  it.each<[sentence: string, base: GeneralName, name: GeneralName, expected: string]>([
    ['a host in the subtree', dns('example.org'), dns('a.example.org'), 'name_excluded'],
    ['a host outside is left alone', dns('example.org'), dns('example.com'), 'ok'],
    [
      'a wildcard of which one name is excluded',
      dns('db.example.org'),
      dns('*.example.org'),
      'name_excluded',
    ],
    [
      'a wildcard none of whose names can be in the subtree',
      dns('.db.example.org'),
      dns('*.example.org'),
      'ok',
    ],
    ['a wildcard a level above', dns('a.db.example.org'), dns('*.example.org'), 'ok'],
    ['the empty subtree excludes all hosts', dns(''), dns('example.org'), 'name_excluded'],
    [
      'the local part in another case',
      email('alice@example.org'),
      email('ALICE@example.org'),
      'name_excluded',
    ],
    ['a host in a URI', uri('evil.org'), uri('https://EVIL.org'), 'name_excluded'],
    ['all of IPv4', range('0.0.0.0', '0.0.0.0'), ip('192.0.2.1'), 'name_excluded'],
    ['a directory name', directory('Example'), directory('Example', 'db'), 'name_excluded'],
  ])('excluded: %s', (_, base, name, expected) => {
    expect(excludes(base, name)).toBe(expected)
  })

  it('excluded wins over permitted', () => {
    const constraints = {
      permitted: [subtree(dns('example.org'))],
      excluded: [subtree(dns('db.example.org'))],
    }
    expect(check(constraints, [dns('web.example.org')])).toBe('ok')
    expect(check(constraints, [dns('web.example.org'), dns('db.example.org')])).toBe('name_excluded')
  })

  it('applies directoryName to the subject, and e-mail to its emailAddress', () => {
    const subject = createName({ organization: 'Example', emailAddress: 'alice@example.org' })
    expect(check({ permitted: [subtree(directory('Other'))] }, [dns('a')], subject)).toBe(outside)
    expect(check({ excluded: [subtree(email('example.org'))] }, [dns('a')], subject)).toBe('name_excluded')
    expect(check({ permitted: [subtree(directory('Other'))] }, [dns('a')])).toBe('ok')
  })

  it.each<[string, GeneralSubtree]>([
    ['minimum', { base: dns('example.org'), minimum: 1 }],
    ['maximum', { base: dns('example.org'), minimum: 0, maximum: 3 }],
  ])('refuses a %s, but only for names of its form (§4.2.1.10)', (_, odd) => {
    expect(check({ permitted: [odd] }, [dns('a.example.org')])).toBe(undecided)
    expect(check({ excluded: [odd] }, [dns('a.example.com')])).toBe(undecided)
    expect(check({ permitted: [odd] }, [ip('10.0.0.1')])).toBe('ok')
  })

  it('many names against many subtrees are looked up, not compared one by one', () => {
    const hosts = Array.from({ length: 1024 }, (_, i) => dns(`h${i}.example.org`))
    const others = Array.from({ length: 1023 }, (_, i) => subtree(dns(`x${i}.example.org`)))
    expect(check({ excluded: others }, hosts)).toBe('ok')
    expect(check({ permitted: hosts.map(subtree) }, hosts)).toBe('ok')
    expect(check({ permitted: others }, hosts)).toBe(outside)
  })

  it('no more than others compare: 2^20 names times subtrees, of whatever form (OpenSSL, BoringSSL)', () => {
    const hosts = Array.from({ length: 1025 }, (_, i) => dns(`h${i}.example.org`))
    const addresses = Array.from({ length: 1024 }, () => subtree(range('10.0.0.0', '255.0.0.0')))
    expect(check({ excluded: addresses }, hosts.slice(1))).toBe('ok')
    expect(check({ excluded: addresses }, hosts)).toBe('name_constraint_budget')
  })

  it('and no more than 2^20 names in one search, over all calls', () => {
    const budget = createComparisonBudget()
    const [few, many] = [[dns('a.example.org')], Array.from({ length: 4096 }, () => dns('a.example.org'))]
    const draw = (subjectAltNames: readonly GeneralName[]) =>
      checkNameConstraints({ permitted: [], excluded: [] }, { subject: emptyName, subjectAltNames }, budget)
    for (let i = 0; i < 255; i++) expect(draw(many)).toBeUndefined()
    expect(draw(many)).toBeUndefined()
    expect(budget.remaining).toBe(0)
    expect(draw(few)).toEqual({
      fault: 'name_constraint_budget',
      message: 'name constraints take more than 1048576 names in all',
    })
  })

  it.each<[string, readonly GeneralSubtree[], readonly GeneralSubtree[], GeneralName, string]>([
    [
      'the excluded subtree that a name is in',
      [],
      [subtree(dns('example.com')), subtree(dns('example.org'))],
      dns('db.example.org'),
      'db.example.org is in the excluded subtree example.org',
    ],
    [
      'the one permitted subtree of its form',
      [subtree(dns('example.com')), subtree(email('example.org'))],
      [],
      dns('db.example.org'),
      'db.example.org is not in the permitted subtree example.com',
    ],
    [
      'that none of several has it',
      [subtree(dns('example.com')), subtree(dns('example.net'))],
      [],
      dns('db.example.org'),
      'db.example.org is not in any permitted subtree of its form',
    ],
    [
      'the subtree that cannot be compared',
      [{ base: dns('example.org'), minimum: 1 }],
      [],
      dns('db.example.org'),
      'db.example.org cannot be compared with the subtree example.org, which has a minimum or maximum',
    ],
  ])('tells %s', (_, permitted, excluded, name, message) => {
    const constraints = { permitted, excluded }
    const fault = checkNameConstraints(
      constraints,
      { subject: emptyName, subjectAltNames: [name] },
      createComparisonBudget(),
    )
    expect(fault?.message.replace(/"|DNS:|dns:/g, '')).toBe(message)
  })

  it('cannot compare a host that is longer than hosts are (RFC 1035 §2.3.4), and tells it in part', () => {
    const label = 'a'.repeat(63)
    const host = (last: number): string => `${label}.${label}.${label}.${'a'.repeat(last - 4)}.org`
    const excluded = [subtree(dns('org'))]
    expect([host(61).length, check({ excluded }, [dns(host(61))])]).toEqual([253, 'name_excluded'])
    expect(check({ excluded }, [dns(host(62))])).toBe(undecided)
    expect(check({ excluded }, [dns(`*.${host(61)}`)])).toBe('name_excluded')
    expect(check({ excluded: [subtree(email('org'))] }, [email(`a@${host(62)}`)])).toBe(undecided)
    expect(check({ excluded: [subtree(uri('org'))] }, [uri(`http://${host(62)}/`)])).toBe(undecided)
    expect(check({ excluded: [subtree(dns(host(62)))] }, [dns('a.org')])).toBe(undecided)
    const names = { subject: emptyName, subjectAltNames: [dns(`${'a.'.repeat(1000)}org`)] }
    const fault = checkNameConstraints({ permitted: [], excluded }, names, createComparisonBudget())
    expect(fault?.message.length).toBeLessThan(400)
  })

  it('holds a name against the subtrees of its own form alone', () => {
    const odd = { base: email('example.org'), minimum: 1 }
    const excluded = [subtree(email('example.org')), odd]
    expect(check({ permitted: [subtree(dns('example.org')), odd] }, [dns('a.example.org')])).toBe('ok')
    expect(check({ excluded: [subtree(dns('example.com')), ...excluded] }, [dns('a.example.org')])).toBe('ok')
    expect(
      check({ permitted: [subtree(email('example.org')), subtree(dns('x.org'))] }, [email('a@x.org')]),
    ).toBe(outside)
  })

  it('holds a mailbox beyond ASCII against e-mail subtrees (RFC 9598 §6), and no other name of such a type', () => {
    const other = { ...utf8Mailbox, typeId: '1.2.3.4' } as GeneralName
    expect(check({ permitted: [subtree(email('example.org'))] }, [utf8Mailbox])).toBe(undecided)
    expect(check({ permitted: [subtree(email('example.org'))] }, [other])).toBe('ok')
    expect(check({ permitted: [subtree(email('example.org'))] }, [dns('a')])).toBe('ok')
  })

  const label = fc.constantFrom('a', 'b', 'db', 'example', 'org')
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'))
  const san = fc
    .oneof(
      host,
      host.map((text) => `*.${text}`),
    )
    .map(dns)
  const base = fc
    .oneof(
      host,
      host.map((text) => `.${text}`),
      fc.constant(''),
    )
    .map(dns)
  const bases = fc.array(base.map(subtree), { maxLength: 3 })

  it('looking names up gives what comparing each with each gives', () => {
    fc.assert(
      fc.property(san, bases, bases, (name, permitted, excluded) => {
        const names = standsFor(name.value)
        // A wildcard is permitted by one subtree that has all of its names.
        const byOne = permitted.some((one) => names.every((text) => isInOneOf(text, [one])))
        const expected = names.some((one) => isInOneOf(one, excluded))
          ? 'name_excluded'
          : permitted.length === 0 || byOne
            ? 'ok'
            : outside
        expect(check({ permitted, excluded }, [name])).toBe(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('removing an excluded subtree never turns accept into refuse', () => {
    fc.assert(
      fc.property(
        san,
        bases,
        fc.array(base.map(subtree), { minLength: 1, maxLength: 3 }),
        (name, permitted, excluded) => {
          const before = check({ permitted, excluded }, [name])
          const after = check({ permitted, excluded: excluded.slice(1) }, [name])
          expect(before !== 'ok' || after === 'ok').toBe(true)
        },
      ),
    )
  })

  it('what one subtree permits, the same subtree excludes', () => {
    fc.assert(
      fc.property(san, base, (name, where) => {
        expect(permits(where, name) !== 'ok' || excludes(where, name) === 'name_excluded').toBe(true)
      }),
    )
  })
})
