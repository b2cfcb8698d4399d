import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { createExtension, type Extension } from '../../../x509/extension.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../../x509/extensions/delta-crl-indicator.js'
import {
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from '../../../x509/extensions/issuing-distribution-point.js'
import { nameKey } from '../../../x509/name.js'
import type { RevokedCertificate } from '../../../x509/revoked-certificate.js'
import { caOf, type CrlSpec, crlOf, days, decide, leafOf, noon } from '../test-certificates.js'
import { checkCrls, type CrlContext } from './check-crls.js'
import { CrlPool } from './crl-pool.js'
import type { RevocationStatus } from './revocation-status.js'
import { SignatureChecks } from './signature-checks.js'

const ca = caOf('CA')
const leaf = leafOf(ca)
const issuers: CrlContext['issuers'] = {
  certificatesOf: (subject) => (nameKey(subject) === nameKey(ca.certificate.subject) ? [ca.certificate] : []),
}

/** What lists say of the leaf, and how many signatures were verified for it. */
function look(
  crls: readonly CertificateRevocationList[],
  change: Partial<CrlContext> = {},
  certificate: Certificate = leaf,
) {
  const decision = checkCrls(certificate, {
    at: noon,
    maximumAgeSeconds: undefined,
    strict: false,
    pool: new CrlPool(crls),
    issuers,
    signatures: new SignatureChecks(),
    ...change,
  })
  const { value, asked } = decide(decision)
  return { status: value, asked: asked.length }
}

const told = (...given: Parameters<typeof look>): string => textOf(look(...given).status)
const textOf = (status: RevocationStatus): string =>
  status.kind === 'unknown'
    ? status.because
    : `${status.kind} ${status.kind === 'revoked' ? status.reason : ''}`.trim()

const numbered = (number: number, critical = false): Extension =>
  createExtension(cRLNumber, BigInt(number), { critical })
const from = (base: number): Extension => createExtension(deltaCRLIndicator, BigInt(base), { critical: true })
const scope = (value: Partial<IssuingDistributionPoint>): Extension =>
  createExtension(
    issuingDistributionPoint,
    {
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCRL: false,
      ...value,
    },
    { critical: true },
  )
const unknownCritical: Extension = { oid: '1.2.3', critical: true, valueDer: Uint8Array.of(5, 0) }
const entry = (reason?: RevokedCertificate['reason']): RevokedCertificate => ({
  serialNumber: leaf.serialNumber,
  revocationDate: days(-1),
  ...(reason !== undefined && { reason }),
})

const list = (change: Partial<CrlSpec> = {}) => crlOf({ issuer: ca, extensions: [numbered(1)], ...change })
const delta = (change: Partial<CrlSpec> = {}) => list({ extensions: [numbered(2), from(1)], ...change })
const old = { thisUpdate: days(-3), nextUpdate: days(-2) }

/** A distribution point at this address. */
const point = (uri: string) => ({
  distributionPoint: { type: 'fullName' as const, names: [{ type: 'uri' as const, value: uri }] },
})

describe('a list', () => {
  it('says good of whom it has not, and else why and when', () => {
    expect(look([list()])).toEqual({ status: { kind: 'good' }, asked: 1 })
    expect(look([list({ entries: [entry('superseded')] })]).status).toEqual({
      kind: 'revoked',
      revokedAt: days(-1),
      reason: 'superseded',
    })
    expect(look([list({ entries: [entry('removeFromCRL')] })]).status).toEqual({ kind: 'good' })
  })

  it.each<[string, readonly CertificateRevocationList[]]>([
    ['there is no CRL that covers it', []],
    [
      'the CRL of "CN=CA" is about CAs only',
      [list({ extensions: [numbered(1), scope({ onlyContainsCACerts: true })] })],
    ],
    [
      'the CRL of "CN=CA" is about CAs only',
      [
        list({ extensions: [numbered(2), scope({ onlyContainsCACerts: true })], thisUpdate: days(-0.5) }),
        list({ extensions: [numbered(1), scope({ onlyContainsAttributeCerts: true })] }),
      ],
    ],
    [
      'the CRL of "CN=CA" has the critical extension 1.2.3',
      [list({ extensions: [numbered(1), unknownCritical] })],
    ],
    ['the CRL of "CN=CA" is out of date (nextUpdate 2026-02-27T12:00:00.000Z)', [list(old)]],
    [
      'the CRL of "CN=CA" is from the future (thisUpdate 2026-03-02T12:00:00.000Z)',
      [list({ thisUpdate: days(1) })],
    ],
    [
      'the CRL of "CN=CA" is not signed by a CRL issuer with a valid path',
      [crlOf({ issuer: { ...caOf('Forger'), name: 'CA' }, extensions: [numbered(1)] })],
    ],
    // Of several that were not used, the newest.
    [
      'the CRL of "CN=CA" has the critical extension 1.2.3',
      [list(old), list({ extensions: [numbered(2), unknownCritical] })],
    ],
    // Why a list about it was not used says more than that another one is not about it.
    [
      'the CRL of "CN=CA" is out of date (nextUpdate 2026-02-27T12:00:00.000Z)',
      [list({ extensions: [numbered(2), scope({ onlyContainsCACerts: true })] }), list(old)],
    ],
  ])('that does not count leaves nobody the wiser: %s', (because, crls) => {
    expect(look(crls).status).toEqual({ kind: 'unknown', because })
  })

  it('of some reasons leaves the others open, and lists of all together are a whole', () => {
    const some = (
      number: number,
      ...onlySomeReasons: NonNullable<IssuingDistributionPoint['onlySomeReasons']>
    ) => list({ extensions: [numbered(number), scope({ onlySomeReasons })] })
    const first = some(1, 'keyCompromise', 'caCompromise', 'affiliationChanged')
    expect(told([first])).toBe(
      'no CRL tells whether it is for superseded, cessationOfOperation, certificateHold, privilegeWithdrawn, aACompromise',
    )
    const second = some(
      1,
      'superseded',
      'cessationOfOperation',
      'certificateHold',
      'privilegeWithdrawn',
      'aACompromise',
    )
    expect(told([first, second])).toBe('good')
    expect(
      told([
        list({
          extensions: [numbered(1), scope({ onlySomeReasons: ['keyCompromise'] })],
          entries: [entry()],
        }),
      ]),
    ).toMatch(/^revoked/)
  })

  it('is named by its issuer, in part where that is long', () => {
    const issuer = { ...ca, name: 'x'.repeat(64) }
    const other = leafOf(issuer)
    const certificatesOf = () => [ca.certificate]
    expect(told([list({ issuer, ...old })], { issuers: { certificatesOf } }, other)).toMatch(
      /^the CRL of "CN=x{64}" is out/,
    )
  })

  it('that several distribution points lead to is examined once', () => {
    const points = createExtension(cRLDistributionPoints, [point('http://a/'), point('http://b/')], {
      critical: false,
    })
    const pointed = leafOf(ca, { extensions: [points] })
    expect(look([list()], {}, pointed)).toEqual({ status: { kind: 'good' }, asked: 1 })
  })

  it('that says revoked is believed beside one that does not have it, and not where a later one takes it back', () => {
    const bad = (number: number, thisUpdate: Date) =>
      list({ extensions: [numbered(number)], thisUpdate, entries: [entry('certificateHold')] })
    expect(told([list({ extensions: [] }), bad(1, days(-2))])).toBe('revoked certificateHold')
    expect(told([list({ extensions: [numbered(2)] }), bad(1, days(-2))])).toBe('good')
    expect(told([list({ extensions: [numbered(1)] }), bad(2, days(-0.5))])).toBe('revoked certificateHold')
  })
})

describe('a delta CRL', () => {
  it('has the last word', () => {
    const held = list({ entries: [entry('certificateHold')] })
    expect(told([held, delta({ entries: [entry('removeFromCRL')] })])).toBe('good')
    expect(told([list(), delta({ entries: [entry('keyCompromise')] })])).toBe('revoked keyCompromise')
    expect(told([held, delta()])).toBe('revoked certificateHold')
  })

  it('keeps a list up to date, until it is out of date itself', () => {
    expect(told([list(old), delta()])).toBe('good')
    expect(told([list(old), delta(old)])).toMatch(/is out of date/)
  })

  it('cannot make up for a list from the future', () => {
    expect(told([list({ thisUpdate: days(1) }), delta()])).toMatch(/is from the future/)
  })

  it('brings a list that begins in this second', () => {
    expect(told([list({ thisUpdate: noon, nextUpdate: noon }), delta()])).toBe('good')
  })

  it.each([
    ['is out of date', delta({ ...old, entries: [entry('keyCompromise')] })],
    [
      'has an unknown critical extension',
      delta({ extensions: [numbered(2), from(1), unknownCritical], entries: [entry()] }),
    ],
    [
      'was not signed by the key of the list',
      crlOf({ issuer: { ...caOf('X'), name: 'CA' }, extensions: [numbered(2), from(1)], entries: [entry()] }),
    ],
  ])('that %s is passed over', (_, bad) => {
    expect(told([list(), bad])).toBe('good')
    // For the next one.
    const good = delta({ thisUpdate: days(-1.5), entries: [entry('superseded')] })
    expect(told([list({ thisUpdate: days(-2) }), bad, good])).toBe('revoked superseded')
  })
})

describe('strictly (§5.2.3)', () => {
  const strict = { strict: true }

  it('a list has a number, which is not critical', () => {
    const bare = list({ extensions: [] })
    const loud = list({ extensions: [numbered(1, true)] })
    for (const one of [bare, loud]) expect(told([one])).toBe('good')
    expect(told([bare], strict)).toBe('the CRL of "CN=CA" has no CRL number')
    expect(told([loud], strict)).toBe('the CRL of "CN=CA" has a critical CRL number')
    expect(told([list()], strict)).toBe('good')
    expect(told([list({ extensions: [scope({ onlyContainsUserCerts: true }), numbered(1)] })], strict)).toBe(
      'good',
    )
  })

  it('one of version 1 has none', () => {
    const first = { ...list({ extensions: [] }), version: 1 as const }
    expect(told([first], strict)).toBe('good')
  })

  it('a delta has one that is not critical, too', () => {
    const loud = delta({ extensions: [numbered(2, true), from(1)], entries: [entry('keyCompromise')] })
    expect(told([list(), loud])).toBe('revoked keyCompromise')
    expect(told([list(), loud], strict)).toBe('good')
  })
})
