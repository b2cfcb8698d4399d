import { describe, expect, it } from 'vitest'
import type { GeneralName } from '../../x509/general-name.js'
import { parseIpAddress } from '../../x509/ip-address.js'
import { createName } from '../../x509/name.js'
import { subtreeSet } from './subtree-set.js'

const dns = (value: string): GeneralName => ({ type: 'dns', value })
const email = (value: string): GeneralName => ({ type: 'email', value })
const uri = (value: string): GeneralName => ({ type: 'uri', value })
const octets = (text: string): Uint8Array => parseIpAddress(text) as Uint8Array
const ip = (text: string): GeneralName => ({ type: 'ip', address: octets(text) })
const range = (address: string, mask: string): GeneralName => ({
  type: 'ip',
  address: Uint8Array.of(...octets(address), ...octets(mask)),
})
const directory = (fields: Parameters<typeof createName>[0]): GeneralName => ({
  type: 'directoryName',
  name: createName(fields),
})

const one: Readonly<Record<'dns' | 'email' | 'uri' | 'ip' | 'directoryName', GeneralName>> = {
  dns: dns('example.org'),
  email: email('a@example.org'),
  uri: uri('http://example.org/'),
  ip: ip('10.0.0.1'),
  directoryName: directory({ organization: 'Example' }),
}
const everything = {
  dns: [dns('')],
  email: [email('')],
  uri: [uri('')],
  ip: [range('0.0.0.0', '0.0.0.0')],
  directoryName: [directory({})],
} as const

describe.each(Object.keys(everything) as (keyof typeof everything)[])('a set of %s', (form) => {
  it.each(Object.entries(one))('that has everything has a %s only if it is of that form', (other, name) => {
    const set = subtreeSet(form, everything[form])
    expect(set.has(name, 'any')).toBe(other === form)
    expect(set.has(name, 'all')).toBe(other === form)
  })

  it('without subtrees has nothing', () => {
    expect(subtreeSet(form, []).has(one[form], 'any')).toBe(false)
  })
})

it('a set of a form that is not compared has nothing', () => {
  const id: GeneralName = { type: 'registeredId', oid: '1.2.3' }
  expect(subtreeSet('registeredId', [id]).has(id, 'any')).toBe(false)
})

it.each<[string, readonly GeneralName[], GeneralName, boolean]>([
  ['a host is below the domain', [dns('example.org')], dns('a.example.org'), true],
  ['a dot in front leaves the domain itself out', [dns('.example.org')], dns('example.org'), false],
  ['a host is no text that has the dot in front', [dns('.example.org')], dns('.example.org'), true],
  ['a host of a URI is that host alone', [uri('example.org')], uri('http://a.example.org/'), false],
  ['or below it, with a dot in front', [uri('.example.org')], uri('http://a.example.org/'), true],
  ['a URI without a host is in no set of hosts', [uri('example.org')], uri('urn:example.org'), false],
  ['a mailbox is at the host', [email('example.org')], email('a@example.org'), true],
  ['a mailbox is no host', [email('a@example.org')], email('b@example.org'), false],
  ['a mailbox is itself', [email('x.org'), email('a@example.org')], email('a@Example.org'), true],
  ['a mailbox that cannot be read is in no set', [email('')], email('no mailbox'), false],
  ['an address is in the network', [range('10.0.0.0', '255.0.0.0')], ip('10.255.0.1'), true],
  ['an address is of its own length', [range('0.0.0.0', '0.0.0.0')], ip('::1'), false],
  [
    'and of one network among several',
    [range('::', 'ffff::'), range('10.0.0.0', '255.0.0.0')],
    ip('10.0.0.1'),
    true,
  ],
  [
    'a name begins with the name',
    [directory({ organization: 'A' })],
    directory({ organization: 'A', commonName: 'B' }),
    true,
  ],
  ['a name is itself', [directory({ organization: 'A' })], directory({ organization: 'A' }), true],
  [
    'a name is not one that goes on',
    [directory({ organization: 'A', commonName: 'B' })],
    directory({ organization: 'A' }),
    false,
  ],
])('%s', (_, bases, name, isIn) => {
  const [{ type }] = bases as [GeneralName]
  expect(subtreeSet(type, bases).has(name, 'all')).toBe(isIn)
})

describe('a wildcard', () => {
  const set = subtreeSet('dns', [dns('db.example.org'), dns('.example.com')])

  it('has one of its names where a subtree has one label more', () => {
    expect([set.has(dns('*.example.org'), 'any'), set.has(dns('*.example.org'), 'all')]).toEqual([
      true,
      false,
    ])
    expect(set.has(dns('*.org'), 'any')).toBe(false)
    expect(set.has(dns('x.example.org'), 'any')).toBe(false)
  })

  it('has all of them where their domain is in', () => {
    expect(set.has(dns('*.example.com'), 'all')).toBe(true)
    expect(set.has(dns('*.db.example.org'), 'all')).toBe(true)
  })
})

it('a local part has one spelling when it is permitted, and any when it is excluded', () => {
  const set = subtreeSet('email', [email('Alice@example.org')])
  const names = [email('alice@example.org'), email('Alice@EXAMPLE.org')]
  expect(names.map((name) => set.has(name, 'any'))).toEqual([true, true])
  expect(names.map((name) => set.has(name, 'all'))).toEqual([false, true])
})
