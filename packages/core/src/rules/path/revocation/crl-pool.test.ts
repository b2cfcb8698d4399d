import { describe, expect, it } from 'vitest'
import { compareBytes } from '../../../encoding/bytes.js'
import { createExtension, type Extension } from '../../../x509/extension.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../../x509/extensions/delta-crl-indicator.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { createName } from '../../../x509/name.js'
import { caOf, crlOf, days } from '../test-certificates.js'
import { CrlPool, supersedes } from './crl-pool.js'

const ca = caOf('CA')
const other = caOf('Other')

const numbered = (number: number): Extension =>
  createExtension(cRLNumber, BigInt(number), { critical: false })
const from = (base: number): Extension => createExtension(deltaCRLIndicator, BigInt(base), { critical: true })
const about = (uri: string): Extension =>
  createExtension(
    issuingDistributionPoint,
    {
      distributionPoint: { type: 'fullName', names: [{ type: 'uri', value: uri }] },
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCRL: false,
    },
    { critical: true },
  )
const by = (...octets: number[]): Extension =>
  createExtension(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(...octets) }, { critical: false })

const list = (...extensions: Extension[]) => crlOf({ issuer: ca, extensions })
const listOf = (day: number, ...extensions: Extension[]) =>
  crlOf({ issuer: ca, thisUpdate: days(day), extensions })

describe('the complete lists of an issuer', () => {
  it('are found by its name in any case, newest first, and each once', () => {
    const [old, newer, newest] = [listOf(-3), listOf(-2), listOf(-1)]
    for (const given of [
      [old, newest, newer, newest],
      [newest, newer, newest, old],
    ]) {
      const pool = new CrlPool([...given, crlOf({ issuer: other })])
      expect(pool.completeOf(createName({ commonName: 'ca' }))).toEqual([newest, newer, old])
    }
  })

  it('of one moment have an order of their own', () => {
    const lists = [1, 2, 3].map((number) => list(numbered(number)))
    const sorted = [...lists].sort((a, b) => compareBytes(b.der, a.der))
    expect(new CrlPool(lists).completeOf(ca.certificate.subject)).toEqual(sorted)
    expect(new CrlPool([...lists].reverse()).completeOf(ca.certificate.subject)).toEqual(sorted)
  })

  it('are one array for all who ask, and an empty one where there are none', () => {
    const pool = new CrlPool([list()])
    const { subject } = ca.certificate
    expect(pool.completeOf(subject)).toBe(pool.completeOf(createName({ commonName: 'CA' })))
    expect(pool.completeOf(createName({ commonName: 'Nobody' }))).toEqual([])
  })

  it('are not the deltas', () => {
    expect(new CrlPool([list(numbered(2), from(1))]).completeOf(ca.certificate.subject)).toEqual([])
  })
})

describe('the delta CRLs of a complete one (§5.2.4)', () => {
  const complete = list(numbered(5))
  const deltasOf = (...deltas: ReturnType<typeof list>[]) => new CrlPool(deltas).deltasOf(complete)

  it.each([
    ['start from it', 5, 6, true],
    ['start before it', 3, 6, true],
    ['start after it', 6, 7, false],
    ['have its number', 5, 5, false],
    ['are older than it', 3, 4, false],
  ])('are those that %s: from %s to %s is %s', (_, base, number, isOne) => {
    const delta = list(numbered(number), from(base))
    expect(deltasOf(delta)).toEqual(isOne ? [delta] : [])
  })

  it('are of the same issuer, scope and key', () => {
    const change = [numbered(6), from(5)]
    expect(deltasOf(crlOf({ issuer: other, extensions: change }))).toEqual([])
    expect(deltasOf(list(...change, about('http://a.example/')))).toEqual([])
    expect(deltasOf(list(...change, by(1)))).toEqual([])
    const scoped = list(numbered(5), about('http://a.example/'), by(1))
    const [same, elsewhere] = [
      list(...change, about('http://a.example/'), by(1)),
      list(...change, about('http://b.example/'), by(1)),
    ]
    expect(new CrlPool([same, elsewhere]).deltasOf(scoped)).toEqual([same])
  })

  it('have a number, as the complete one has', () => {
    expect(deltasOf(list(from(5)))).toEqual([])
    expect(new CrlPool([list(numbered(6), from(5))]).deltasOf(list())).toEqual([])
  })

  it('are a hundred at most, the newest', () => {
    const deltas = Array.from({ length: 101 }, (_, i) => listOf(-2 + i / 200, numbered(6 + i), from(5)))
    const found = deltasOf(...deltas)
    expect(found).toHaveLength(100)
    expect([found[0], found.includes(deltas[0] as (typeof deltas)[0])]).toEqual([deltas[100], false])
  })
})

describe('a list makes another one of its key obsolete', () => {
  const older = listOf(-2, numbered(1))

  it('where it is later by date and by number', () => {
    expect(supersedes(listOf(-1, numbered(2)), older)).toBe(true)
    expect(supersedes(older, listOf(-1, numbered(2)))).toBe(false)
    expect(supersedes(older, older)).toBe(false)
  })

  it.each([
    ['it is as old', listOf(-2, numbered(2))],
    ['its number is no higher', listOf(-1, numbered(1))],
    ['it has no number', listOf(-1)],
    ['it is about something else', listOf(-1, numbered(2), about('http://a.example/'))],
  ])('and not where %s', (_, newer) => {
    expect(supersedes(newer, older)).toBe(false)
  })

  it('within one scope, and not where the older one has no number', () => {
    const [a, b] = ['http://a.example/', 'http://b.example/']
    expect(supersedes(listOf(-1, numbered(2), about(a)), listOf(-2, numbered(1), about(a)))).toBe(true)
    expect(supersedes(listOf(-1, numbered(2), about(a)), listOf(-2, numbered(1), about(b)))).toBe(false)
    expect(supersedes(listOf(-1, numbered(2)), listOf(-2, numbered(1), about(a)))).toBe(false)
    expect(supersedes(listOf(-1, numbered(2)), listOf(-2))).toBe(false)
  })
})
