import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../x509/certificate.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { checkOtherPath, type PathCandidate } from './check-issuance.js'
import {
  spkiOf,
  weakSpkiDer,
  root,
  sub,
  dns,
  leaf,
  newCa,
  permit,
  demandsPolicy,
  hasPolicy,
} from './test-candidates.js'

const otherFaults = (candidate: PathCandidate, ...chain: readonly Certificate[]): string[] => {
  const verdict = checkOtherPath(candidate, chain)
  return verdict.ok ? [] : verdict.faults.map(({ fault, depth }) => `${fault}@${depth}`)
}

describe('checkOtherPath', () => {
  const clients = [keyPurposes.clientAuth]
  const servers = [keyPurposes.serverAuth]

  it.each<[string, PathCandidate, readonly Certificate[], readonly string[]]>([
    ['takes what is valid there', leaf, [sub(), root()], []],
    ['does not ask for the validity', leaf, [sub(), root({ notAfter: '2027-01-01T00:00:00Z' })], []],
    ['asks for the length', newCa, [root({ pathLength: 0 })], ['path_length_exceeded@1']],
    ['asks for purposes', leaf, [sub(), root({ purposes: clients })], ['extended_key_usage_not_nested@2']],
    ['asks for names', leaf, [sub(), root({ constraints: permit('example.com') })], ['name_not_permitted@0']],
    ['asks for policies', leaf, [root({ more: demandsPolicy })], ['policy_not_valid@0']],
  ])('%s', (_, candidate, chain, expected) => {
    expect(otherFaults(candidate, ...chain)).toEqual(expected)
  })

  const outside = { ...leaf, extendedKeyUsage: clients, subjectAltNames: [dns('db.example.com')] }
  const strict = { purposes: servers, constraints: permit('example.org') }
  it.each<[string, readonly Certificate[]]>([
    ['does not chain', [sub({ issuer: 'Other' }), root(strict)]],
    ['has an issuer that is no CA', [sub({ isCa: false }), root(strict)]],
    ['has an issuer that may not sign', [sub({ usages: ['cRLSign'] }), root(strict)]],
    ['is too long already', [sub(), root({ ...strict, pathLength: 0 })]],
    ['has a weak key', [sub({ spkiDer: weakSpkiDer }), root(strict)]],
    ['has a CA with a name that it may not have', [sub({ sans: [dns('ca.example.com')] }), root(strict)]],
    ['has CAs without a common purpose', [sub({ purposes: clients }), root(strict)]],
    [
      'has a CA without the policy that one above it asks for',
      [sub(), root({ ...strict, more: demandsPolicy })],
    ],
  ])('is not broken by this certificate where it %s', (_, chain) => {
    expect(otherFaults(outside, ...chain)).toEqual([])
  })

  it.each<[string, readonly Certificate[]]>([
    ['one purpose of several is common', [sub({ purposes: [...clients, ...servers] }), root(strict)]],
    [
      'one of them may issue for any purpose',
      [sub({ purposes: [keyPurposes.anyExtendedKeyUsage] }), root(strict)],
    ],
    ['one of them does not restrict purposes', [sub(), root(strict)]],
    ['it is as long as it may be', [sub(), root({ ...strict, pathLength: 1 })]],
    [
      'the policies that are asked for are there',
      [sub({ more: hasPolicy('1.3.1') }), root({ ...strict, more: demandsPolicy })],
    ],
  ])('is broken by it where %s', (_, chain) => {
    expect(otherFaults(outside, ...chain)).toContain('extended_key_usage_not_nested@2')
    expect(otherFaults(outside, ...chain)).toContain('name_not_permitted@0')
  })

  it('does not lead over the CA that is asked for itself (RFC 4158 §2.4.2)', () => {
    const again = { ...newCa, subject: createName({ commonName: 'Sub' }) }
    const full = root({ pathLength: 0 })
    expect(otherFaults(again, sub(), root({ constraints: permit('example.org') }))).toEqual([])
    expect(
      otherFaults({ ...newCa, subject: createName({ commonName: 'Root' }), pathLength: 1 }, full),
    ).toEqual([])
    // Another CA with the same key, and one of the same name with another.
    expect(otherFaults({ ...newCa, pathLength: 1 }, full)).toEqual(['path_length_exceeded@1'])
    const otherKey = sub({ spkiDer: spkiOf(9) })
    expect(otherFaults({ ...again, pathLength: 1 }, otherKey, root({ pathLength: 1 }))).toEqual([
      'path_length_exceeded@2',
    ])
  })
})
