import { describe, expect, it } from 'vitest'
import { pemEncode } from '../../encoding/pem.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension } from '../../x509/extension.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { caOf, certificateOf, leafOf, newKey, noon, type TestCa } from '../../rules/path/test-certificates.js'
import { type PathVerdict, verifyCertificate, type VerifyRequest } from './verify-certificate.js'

/* What whoever sends certificates can make us do. */

/** Ed25519 by node:crypto answers at once. */
function verify(request: Omit<VerifyRequest, 'at'> & { readonly at?: Date }): PathVerdict {
  const verdict = verifyCertificate({ at: noon, purpose: 'any', ...request })
  if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
  return verdict
}

const firstFault = (verdict: PathVerdict): string =>
  verdict.ok ? 'valid' : (verdict.faults[0]?.fault ?? 'none')

const permit = (...hosts: string[]) =>
  createExtension(
    nameConstraints,
    {
      permitted: hosts.map((value) => ({ base: { type: 'dns' as const, value }, minimum: 0 })),
      excluded: [],
    },
    { critical: true },
  )

const root = caOf('Root')
const issuing = caOf('Issuing', { issuer: root, pathLength: 0 })
const leaf = leafOf(issuing)
const trusted = { trustAnchors: [root.certificate] }
const below = { ...trusted, intermediates: [issuing.certificate] }

const pem = (one: Certificate): string => pemEncode('CERTIFICATE', one.der)

describe('bad input', () => {
  const garbage = new Uint8Array(10_000_000).fill(0x30)
  it.each<[string, string, Partial<VerifyRequest>]>([
    ['an end entity that is no certificate', 'malformed', { certificate: Uint8Array.of(1, 2, 3) }],
    ['10 MB of garbage', 'malformed', { certificate: garbage }],
    ['PEM that is none', 'malformed', { certificate: '-----BEGIN CERTIFICATE-----' }],
    ['garbage among the anchors', 'unknown_issuer', { trustAnchors: [garbage, 'PEM?'] }],
  ])('is a fault and no exception: %s', (_, fault, change) => {
    expect(firstFault(verify({ ...below, certificate: leaf, ...change }))).toBe(fault)
  })

  it('does not stand in the way: garbage, repetitions and any order among the intermediates', () => {
    const intermediates = [
      garbage,
      root.certificate,
      issuing.certificate,
      issuing.certificate.der,
      leaf,
      'no PEM',
    ]
    expect(verify({ ...trusted, intermediates, certificate: leaf }).ok).toBe(true)
  })

  it('takes PEM texts of many certificates beside DER, with garbage between them', () => {
    const noCertificate = pemEncode('CERTIFICATE', Uint8Array.of(5, 0))
    const bundle = `${pem(leaf)}${noCertificate}${pem(issuing.certificate)}`
    const anchors = [`${pem(caOf('Another').certificate)}${pem(root.certificate)}`]
    expect(verify({ certificate: leaf, intermediates: [bundle], trustAnchors: anchors }).ok).toBe(true)
    expect(verify({ ...trusted, intermediates: [bundle, leaf.der], certificate: leaf.der }).ok).toBe(true)
  })

  it('is empty pools: nobody issued the certificate', () => {
    expect(firstFault(verify({ certificate: leaf, intermediates: [], trustAnchors: [] }))).toBe(
      'unknown_issuer',
    )
  })

  it('needs a time', () => {
    expect(() => verify({ ...below, certificate: leaf, at: new Date(Number.NaN) })).toThrow(RangeError)
  })
})

function within(ms: number, work: () => void): void {
  work() // once for the compiler
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(ms)
}

describe('a search ends', () => {
  /** A machine that is busy with ten others takes its time; the budget itself ends at a tenth of this. */
  const limit = 1000

  it('on a ladder of twins that leads nowhere: 4 at each of 6 levels', () => {
    const levels = Array.from({ length: 6 }, (_, i) => `Level ${i}`)
    const key = newKey()
    const nowhere: TestCa = { name: 'Nowhere', key, certificate: root.certificate }
    const ladder = levels.flatMap((name, i) =>
      Array.from({ length: 4 }, () => {
        const issuer = i === levels.length - 1 ? nowhere : { ...nowhere, name: levels[i + 1] as string }
        return caOf(name, { issuer, key }).certificate
      }),
    )
    const certificate = leafOf({ ...nowhere, name: 'Level 0' })
    within(limit, () => {
      expect(firstFault(verify({ ...trusted, intermediates: ladder, certificate }))).toBe('unknown_issuer')
    })
  })

  it('among a hundred CAs of one name that certify each other', () => {
    const crowd = Array.from({ length: 100 }, () => newKey())
    const one = (key: (typeof crowd)[0]): TestCa => ({ name: 'Crowd', key, certificate: root.certificate })
    const pool = crowd.map(
      (key, i) => caOf('Crowd', { key, issuer: one(crowd[(i + 1) % 100] as never) }).certificate,
    )
    const certificate = leafOf(one(crowd[0] as never))
    within(limit, () => {
      expect(verify({ ...trusted, intermediates: pool, certificate }).ok).toBe(false)
    })
    const rescue = caOf('Crowd', { key: crowd[0] as never, issuer: root }).certificate
    expect(verify({ ...trusted, intermediates: [...pool, rescue], certificate }).ok).toBe(true)
  })

  it('with 1,024 names against 1,024 constraints', () => {
    const hosts = Array.from({ length: 1024 }, (_, i) => `h${i}.example.org`)
    const constrained = caOf('Constrained', { issuer: root, extensions: [permit(...hosts)] })
    const certificate = certificateOf({
      name: 'many',
      key: newKey(),
      issuer: constrained,
      extensions: [
        createExtension(
          subjectAltName,
          hosts.slice(1).map((value) => ({ type: 'dns' as const, value })),
          { critical: false },
        ),
      ],
    })
    within(limit, () => {
      expect(verify({ ...trusted, intermediates: [constrained.certificate], certificate }).ok).toBe(true)
    })
  })
})
