import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../../x509/certificate.js'
import { createExtension } from '../../../x509/extension.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { noRevAvail } from '../../../x509/extensions/no-rev-avail.js'
import { createName } from '../../../x509/name.js'
import { caOf, type CrlSpec, crlOf, days, decide, leafOf, noon, type TestCa } from '../test-certificates.js'
import {
  createRevocationCheck,
  type PathFinder,
  type RevocationMode,
  type RevocationSources,
} from './check-revocation.js'
import type { RevocationFetch } from './revocation-fetch.js'
import type { RevocationSettings } from './revocation-status.js'

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })
const leaf = leafOf(ca, { host: 'leaf' })
const path = [leaf, ca.certificate, root.certificate]

const number = createExtension(cRLNumber, 1n, { critical: false })
const list = (issuer: TestCa, change: Partial<CrlSpec> = {}) =>
  crlOf({ issuer, extensions: [number], ...change })
const entry = ({ serialNumber }: Certificate, reason?: 'keyCompromise') => ({
  serialNumber,
  revocationDate: days(-1),
  ...(reason && { reason }),
})

const noFinder: PathFinder = {
  certificates: [],
  // oxlint-disable-next-line eslint/require-yield -- it has nothing to ask
  *hasPath() {
    return false
  },
  isValidBelow: () => true,
}

interface Given {
  readonly sources?: Partial<RevocationSources>
  readonly settings?: Partial<RevocationSettings & RevocationMode>
  readonly finder?: Partial<PathFinder>
  readonly fetch?: (request: RevocationFetch) => RevocationSources | undefined
}

/** The check of paths, and whose status was asked for outside. */
function checkOf({ sources, settings, finder, fetch = () => undefined }: Given = {}) {
  const asked: Certificate[] = []
  const check = createRevocationCheck(
    { crls: [], ocspResponses: [], ...sources },
    { at: noon, maximumAgeSeconds: undefined, strict: false, hardFail: true, fetch: false, ...settings },
    { ...noFinder, ...finder },
  )
  return {
    asked,
    run: (certificates: readonly Certificate[] = path) =>
      decide(check(certificates), (question) => {
        if (question.ask !== 'fetch') return undefined
        const request = question.request as RevocationFetch
        asked.push(request.certificate)
        return fetch(request)
      }).value,
  }
}

describe('a path', () => {
  it('is asked about from the end entity up, its anchor not', () => {
    expect(checkOf({ sources: { crls: [list(ca), list(root)] } }).run()).toBeUndefined()
    const revokedRoot = [list(ca), list(root, { entries: [entry(root.certificate)] })]
    expect(checkOf({ sources: { crls: revokedRoot } }).run()).toBeUndefined()
  })

  it('is told of by the one who is revoked, since when and why', () => {
    const crls = [list(ca), list(root, { entries: [entry(ca.certificate, 'keyCompromise')] })]
    expect(checkOf({ sources: { crls } }).run()).toEqual({
      fault: 'revoked',
      depth: 1,
      clause: 'RFC 5280 §6.3',
      subject: 'CN=CA',
      serialNumber: ca.certificate.serialNumber,
      message: '"CN=CA" was revoked at 2026-02-28T12:00:00Z (keyCompromise)',
    })
    const silent = [list(ca, { entries: [entry(leaf)] }), list(root)]
    expect(checkOf({ sources: { crls: silent } }).run()?.message).toBe(
      '"CN=leaf" was revoked at 2026-02-28T12:00:00Z',
    )
  })

  it('is told of by the one who is revoked before one of whom nobody knows', () => {
    const crls = [list(root, { entries: [entry(ca.certificate)] })]
    expect(checkOf({ sources: { crls } }).run()).toMatchObject({ fault: 'revoked', depth: 1 })
  })

  it('of which nobody knows is at fault where that is asked for, at the first of whom nobody knows', () => {
    expect(checkOf().run()).toMatchObject({ fault: 'revocation_unknown', depth: 0, subject: 'CN=leaf' })
    expect(checkOf({ sources: { crls: [list(ca)] } }).run()).toMatchObject({ depth: 1, subject: 'CN=CA' })
    expect(checkOf({ settings: { hardFail: false } }).run()).toBeUndefined()
  })

  it('says why nobody knows: what stood in the way of the lists, where there are some', () => {
    const late = list(ca, { thisUpdate: days(-9), nextUpdate: days(-8) })
    expect(checkOf({ sources: { crls: [late] } }).run()?.message).toBe(
      '"CN=leaf" may be revoked: the CRL of "CN=CA" is out of date (nextUpdate 2026-02-21T12:00:00.000Z)',
    )
    expect(checkOf().run()?.message).toBe('"CN=leaf" may be revoked: there is no OCSP response about it')
  })
})

describe('a certificate with noRevAvail (RFC 9608)', () => {
  const none = createExtension(noRevAvail, true, { critical: false })

  it('has no status, unless it is a CA’s', () => {
    const short = leafOf(ca, { host: 'short', extensions: [none] })
    expect(checkOf({ sources: { crls: [list(root)] } }).run([short, ...path.slice(1)])).toBeUndefined()
    const odd = caOf('Odd', { issuer: root, extensions: [none] })
    const below = [leafOf(odd, { extensions: [none] }), odd.certificate, root.certificate]
    expect(checkOf().run(below)).toMatchObject({ fault: 'revocation_unknown', depth: 1 })
  })
})

describe('what the sources do not tell', () => {
  const everything = { crls: [list(ca), list(root)], ocspResponses: [] }

  it('is asked for outside, once for each certificate', () => {
    const { run, asked } = checkOf({ settings: { fetch: true } })
    expect(run()).toMatchObject({ fault: 'revocation_unknown', depth: 0 })
    expect(asked).toEqual([leaf, ca.certificate])
    expect(run()).toMatchObject({ fault: 'revocation_unknown' })
    expect(asked).toHaveLength(2)
  })

  it('counts for all that come after', () => {
    const { run, asked } = checkOf({ settings: { fetch: true }, fetch: () => everything })
    expect(run()).toBeUndefined()
    expect(asked).toEqual([leaf])
    expect(run()).toBeUndefined()
    expect(asked).toEqual([leaf])
  })

  it('is not asked for where it is known, or nobody wants it', () => {
    const known = checkOf({ settings: { fetch: true }, sources: everything })
    expect([known.run(), known.asked]).toEqual([undefined, []])
    const unwanted = checkOf({ fetch: () => everything })
    expect([unwanted.run()?.fault, unwanted.asked]).toEqual(['revocation_unknown', []])
  })

  it('is asked for sixteen certificates at most', () => {
    const { run, asked } = checkOf({ settings: { fetch: true, hardFail: false } })
    for (let i = 0; i < 20; i++) run([leafOf(ca), ca.certificate, root.certificate])
    // One of them is the CA.
    expect(asked).toHaveLength(16)
    expect(asked[1]).toBe(ca.certificate)
  })
})

describe('the issuer of an indirect CRL', () => {
  const lister = caOf('Lister', { issuer: root })
  const indirect = createExtension(
    issuingDistributionPoint,
    {
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCRL: true,
    },
    { critical: true },
  )
  const directory = { type: 'directoryName', name: createName({ commonName: 'Lister' }) } as const
  const pointing = createExtension(cRLDistributionPoints, [{ crlIssuer: [directory] }], { critical: false })
  const listed = () => leafOf(ca, { host: 'listed', extensions: [pointing] })
  const crls = [list(root), crlOf({ issuer: lister, extensions: [number, indirect] })]

  /** Who was asked for a path, and the anchor that it should lead to. */
  function withPaths(answer: boolean) {
    const searched: (readonly [Certificate, Certificate])[] = []
    const finder: Partial<PathFinder> = {
      certificates: [lister.certificate],
      *hasPath(certificate, anchor, lastCheck) {
        searched.push([certificate, anchor])
        return answer && (yield* lastCheck([certificate, anchor])) === undefined
      },
    }
    return { searched, finder }
  }

  it('needs a path to the same anchor, on which nobody is revoked', () => {
    const { searched, finder } = withPaths(true)
    const { run } = checkOf({ sources: { crls }, finder })
    expect(run([listed(), ca.certificate, root.certificate])).toBeUndefined()
    expect(searched).toEqual([[lister.certificate, root.certificate]])
    const lost = checkOf({ sources: { crls }, finder: withPaths(false).finder })
    expect(lost.run([listed(), ca.certificate, root.certificate])).toMatchObject({
      fault: 'revocation_unknown',
      depth: 0,
    })
    const gone = [list(root, { entries: [entry(lister.certificate)] }), ...crls.slice(1)]
    const revoked = checkOf({ sources: { crls: gone }, finder: withPaths(true).finder })
    expect(revoked.run([listed(), ca.certificate, root.certificate])).toMatchObject({
      fault: 'revocation_unknown',
      depth: 0,
    })
  })

  it('is looked for once, for all certificates below an anchor', () => {
    const { searched, finder } = withPaths(true)
    const { run } = checkOf({ sources: { crls }, finder })
    for (let i = 0; i < 3; i++) run([listed(), ca.certificate, root.certificate])
    expect(searched).toHaveLength(1)
    const other = caOf('Root', { key: root.key, notAfter: days(10) })
    run([listed(), ca.certificate, other.certificate])
    expect(searched[1]).toEqual([lister.certificate, other.certificate])
  })

  it('is not looked for where it is on the path already', () => {
    const { searched, finder } = withPaths(false)
    const own = leafOf(lister, { host: 'own', extensions: [pointing] })
    const { run } = checkOf({ sources: { crls }, finder })
    expect(run([own, lister.certificate, root.certificate])).toBeUndefined()
    expect(searched).toEqual([])
  })

  it('is looked for sixteen times at most', () => {
    const { searched, finder } = withPaths(false)
    const anchors = Array.from({ length: 20 }, (_, i) =>
      caOf('Root', { key: root.key, notAfter: days(10 + i) }),
    )
    const { run } = checkOf({ sources: { crls }, finder })
    for (const anchor of anchors) run([listed(), ca.certificate, anchor.certificate])
    expect(searched).toHaveLength(16)
  })
})
