import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caOf, crlOf, days, leafOf, noon } from '../../rules/path/test-certificates.js'
import type { CertificateRevocationList } from '../../x509/certificate-revocation-list.js'
import type { CrlReason } from '../../x509/crl-reason.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { cRLNumber } from '../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../x509/extensions/delta-crl-indicator.js'
import { issuingDistributionPoint } from '../../x509/extensions/issuing-distribution-point.js'
import { verifyCertificate } from './verify-certificate.js'

/* What holds of all sets of lists. Each list is signed once, and the laws draw from them. */

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })
const renewed = caOf('CA', { issuer: root })
const stranger = caOf('Stranger', { issuer: root })
const leaf = leafOf(ca)
const ofRoot = crlOf({ issuer: root })

const scopes = { all: undefined, some: ['keyCompromise'], others: ['superseded', 'certificateHold'] } as const
type Scope = keyof typeof scopes

/** A list of the model: `says` is what its entry for the leaf has, if there is one. */
interface Model {
  readonly signer: 'ca' | 'renewed'
  readonly scope: Scope
  readonly number: number
  /** Of a delta CRL: the number of the list that it starts from. */
  readonly base?: number
  readonly says: CrlReason | 'nothing'
}

const signed = new Map<string, CertificateRevocationList>()

function listOf(model: Model): CertificateRevocationList {
  const key = JSON.stringify(model)
  const known = signed.get(key) ?? sign(model)
  signed.set(key, known)
  return known
}

function sign({ signer, scope, number, base, says }: Model): CertificateRevocationList {
  const reasons = scopes[scope]
  const extensions: Extension[] = [createExtension(cRLNumber, BigInt(number), { critical: false })]
  if (base !== undefined) {
    extensions.push(createExtension(deltaCRLIndicator, BigInt(base), { critical: true }))
  }
  if (reasons !== undefined) {
    const flags = {
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
    }
    const value = { ...flags, indirectCRL: false, onlySomeReasons: reasons }
    extensions.push(createExtension(issuingDistributionPoint, value, { critical: true }))
  }
  return crlOf({
    issuer: { ca, renewed }[signer],
    extensions,
    thisUpdate: days(number - 10),
    entries:
      says === 'nothing' ? [] : [{ serialNumber: leaf.serialNumber, revocationDate: days(-9), reason: says }],
  })
}

function status(crls: readonly CertificateRevocationList[]): string {
  const verdict = verifyCertificate({
    certificate: leaf,
    intermediates: [ca.certificate, renewed.certificate],
    trustAnchors: [root.certificate],
    crls: [...crls, ofRoot],
    at: noon,
    purpose: 'any',
  })
  if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
  return verdict.ok ? 'good' : (verdict.faults[0]?.fault ?? '')
}

const complete = fc.record<Model>({
  signer: fc.constantFrom('ca', 'renewed'),
  scope: fc.constantFrom<Scope>('all', 'some', 'others'),
  number: fc.integer({ min: 1, max: 4 }),
  says: fc.constantFrom('nothing', 'nothing', 'certificateHold'),
})
const delta = fc.record<Model>({
  signer: fc.constantFrom('ca', 'renewed'),
  scope: fc.constantFrom<Scope>('all', 'some', 'others'),
  number: fc.integer({ min: 2, max: 6 }),
  base: fc.integer({ min: 1, max: 4 }),
  says: fc.constantFrom('nothing', 'keyCompromise', 'removeFromCRL'),
})
const sets = fc.array(fc.oneof({ weight: 2, arbitrary: complete }, delta), { maxLength: 8 })

/** RFC 5280 §6.3.3 by the book, over the model alone. */
function expected(models: readonly Model[]): string {
  const lists = models.filter(({ base }) => base === undefined)
  const sameLine = (a: Model, b: Model): boolean => a.signer === b.signer && a.scope === b.scope
  const latest = lists.filter((one) => !lists.some((two) => sameLine(one, two) && two.number > one.number))
  const told = latest.flatMap((list) => {
    const deltas = models.filter(
      (one) =>
        one.base !== undefined && one.base <= list.number && one.number > list.number && sameLine(one, list),
    )
    const newest = Math.max(...deltas.map(({ number }) => number))
    const says = deltas.filter((one) => one.number === newest && one.says !== 'nothing')
    // Deltas with one number say the same; where a model has two of them, the law is silent.
    if (deltas.filter((one) => one.number === newest).length > 1) return ['ambiguous']
    return [says[0]?.says ?? list.says]
  })
  if (told.includes('ambiguous') || hasTwins(latest)) return 'ambiguous'
  if (told.some((says) => says !== 'nothing' && says !== 'removeFromCRL')) return 'revoked'
  return latest.some(({ scope }) => scope === 'all') ? 'good' : 'revocation_unknown'
}

/** Two lists of one line with the same number that say different things. */
const hasTwins = (lists: readonly Model[]): boolean =>
  new Set(lists.map(({ signer, scope }) => `${signer} ${scope}`)).size < lists.length

describe('for any set of lists', () => {
  it('the status is the one of RFC 5280 §6.3.3', () => {
    fc.assert(
      fc.property(sets, (models) => {
        const answer = expected(models)
        fc.pre(answer !== 'ambiguous')
        expect(status(models.map(listOf))).toBe(answer)
      }),
      { numRuns: 300 },
    )
  })

  it('their order does not matter', () => {
    fc.assert(
      fc.property(
        sets.chain((models) =>
          fc.tuple(fc.constant(models), fc.shuffledSubarray(models, { minLength: models.length })),
        ),
        ([models, shuffled]) => {
          expect(status(shuffled.map(listOf))).toBe(status(models.map(listOf)))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('lists of others change nothing', () => {
    const entries = [{ serialNumber: leaf.serialNumber, revocationDate: days(-9) }]
    const others = [
      crlOf({ issuer: stranger, entries }),
      crlOf({ issuer: { ...stranger, name: 'CA' }, entries }),
      crlOf({ issuer: { ...stranger, name: 'CA' } }),
      crlOf({ issuer: ca, entries, thisUpdate: days(1) }),
      crlOf({ issuer: ca, nextUpdate: days(-1), thisUpdate: days(-2), entries }),
    ]
    fc.assert(
      fc.property(sets, fc.subarray(others), (models, added) => {
        const lists = models.map(listOf)
        expect(status([...added, ...lists])).toBe(status(lists))
      }),
      { numRuns: 150 },
    )
  })

  it('a certificate that is revoked stays revoked, unless a later list of the same key and scope is added', () => {
    fc.assert(
      fc.property(sets, sets, (models, added) => {
        fc.pre(status(models.map(listOf)) === 'revoked')
        const isLater = (one: Model): boolean =>
          models.some(
            ({ signer, scope, number }) =>
              signer === one.signer && scope === one.scope && number < one.number,
          )
        const others = added.filter((one) => !isLater(one))
        expect(status([...models, ...others].map(listOf))).toBe('revoked')
      }),
      { numRuns: 150 },
    )
  })
})
