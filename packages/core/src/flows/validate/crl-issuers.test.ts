import { describe, expect, it } from 'vitest'
import {
  caOf,
  certificateOf,
  type CrlSpec,
  crlOf,
  days,
  leafOf,
  newKey,
  noon,
  type TestCa,
} from '../../rules/path/test-certificates.js'
import type { Certificate } from '../../x509/certificate.js'
import type { CertificateRevocationList } from '../../x509/certificate-revocation-list.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { cRLNumber } from '../../x509/extensions/crl-number.js'
import { issuingDistributionPoint } from '../../x509/extensions/issuing-distribution-point.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { createName } from '../../x509/name.js'
import { verifyCertificate, type VerifyRequest } from './verify-certificate.js'

/* Who signs CRLs, and who vouches for the signer: RFC 5280 §6.3.3 (f), and what PKITS 4.4, 4.5 and 4.14 ask of it. */

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })
const leaf = leafOf(ca)

const entry = ({ serialNumber }: Certificate) => ({ serialNumber, revocationDate: days(-2) })
const listOf = (issuer: TestCa, ...revoked: Certificate[]): CertificateRevocationList =>
  crlOf({ issuer, entries: revoked.map(entry) })
const ofRoot = listOf(root)
const crlNumber = (value: number) => createExtension(cRLNumber, BigInt(value), { critical: false })

function pointingTo(commonName: string): Extension[] {
  const crlIssuer = [{ type: 'directoryName', name: createName({ commonName }) }] as const
  return [createExtension(cRLDistributionPoints, [{ crlIssuer }], { critical: false })]
}

interface SignerSpec {
  readonly issuer: TestCa
  readonly extensions?: readonly Extension[]
  readonly notAfter?: Date
}

/** Somebody who signs CRLs and nothing else. */
function signerOf(name: string, { issuer, extensions = [], notAfter }: SignerSpec): TestCa {
  const key = newKey()
  const usage = createExtension(keyUsage, ['cRLSign'], { critical: true })
  const certificate = certificateOf({
    name,
    key,
    issuer,
    ...(notAfter && { notAfter }),
    extensions: [usage, ...extensions],
  })
  return { name, key, certificate }
}

function status(
  certificate: Certificate,
  known: readonly TestCa[],
  crls: readonly CertificateRevocationList[],
  change: Partial<VerifyRequest> = {},
): string {
  const verdict = verifyCertificate({
    certificate,
    intermediates: [ca, ...known].map((one) => one.certificate),
    trustAnchors: [root.certificate],
    crls,
    at: noon,
    purpose: 'any',
    ...change,
  })
  if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
  return verdict.ok ? 'good' : (verdict.faults[0]?.fault ?? '')
}

describe('a CA that signs its lists with another key', () => {
  const signer = signerOf('CA', { issuer: root })

  it('is believed where the key has a path', () => {
    expect(status(leaf, [signer], [ofRoot, listOf(signer)])).toBe('good')
    expect(status(leaf, [signer], [ofRoot, listOf(signer, leaf)])).toBe('revoked')
    expect(status(leaf, [], [ofRoot, listOf(signer)])).toBe('revocation_unknown')
  })

  it('is not believed where that certificate is revoked', () => {
    expect(status(leaf, [signer], [listOf(root, signer.certificate), listOf(signer)])).toBe(
      'revocation_unknown',
    )
  })

  it('is not believed where a keyUsage is without cRLSign (f)', () => {
    const mute = caOf('CA', { issuer: root, usages: ['keyCertSign'] })
    const crls = [ofRoot, listOf(mute)]
    expect(status(leafOf(mute), [mute], crls)).toBe('revocation_unknown')
    expect(status(leaf, [mute], crls)).toBe('revocation_unknown')
  })

  it('is not believed on the word of another trust anchor', () => {
    const other = caOf('Other root')
    const foreign = signerOf('CA', { issuer: other })
    const trustAnchors = [root.certificate, other.certificate]
    const crls = [ofRoot, listOf(other), listOf(foreign)]
    expect(status(leaf, [foreign], crls, { trustAnchors })).toBe('revocation_unknown')
  })

  it('may have certified the key itself, whose status its first key tells', () => {
    const own = signerOf('CA', { issuer: ca })
    expect(status(leaf, [own], [ofRoot, listOf(ca), listOf(own)])).toBe('good')
    expect(status(leaf, [own], [ofRoot, listOf(ca), listOf(own, leaf)])).toBe('revoked')
    expect(status(leaf, [own], [ofRoot, listOf(own)])).toBe('good')
    expect(status(leaf, [own], [ofRoot, listOf(own, own.certificate)])).toBe('revocation_unknown')
  })
})

describe('a CRL issuer that is named by the certificate', () => {
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
  /** About certificates of CA, whoever signs it. */
  const indirectListOf = (issuer: TestCa, ...revoked: Certificate[]): CertificateRevocationList =>
    crlOf({
      issuer,
      extensions: [indirect],
      entries: revoked.map((one) => ({
        ...entry(one),
        certificateIssuer: [{ type: 'directoryName', name: one.issuer }],
      })),
    })
  const pointed = leafOf(ca, { extensions: pointingTo('Lister') })

  it('is believed where it has a path', () => {
    const lister = signerOf('Lister', { issuer: root })
    expect(status(pointed, [lister], [ofRoot, indirectListOf(lister)])).toBe('good')
    expect(status(pointed, [lister], [ofRoot, indirectListOf(lister, pointed)])).toBe('revoked')
    expect(status(pointed, [lister], [ofRoot, listOf(lister)])).toBe('revocation_unknown')
  })

  it('may list itself: it is believed unless its list revokes it', () => {
    const lister = signerOf('Lister', { issuer: ca, extensions: pointingTo('Lister') })
    expect(status(pointed, [lister], [ofRoot, indirectListOf(lister)])).toBe('good')
    expect(status(pointed, [lister], [ofRoot, indirectListOf(lister, pointed)])).toBe('revoked')
    const revokingItself = indirectListOf(lister, lister.certificate)
    expect(status(pointed, [lister], [ofRoot, revokingItself])).toBe('revocation_unknown')
    expect(status(lister.certificate, [lister], [ofRoot, indirectListOf(lister)])).toBe('good')
  })

  it('may be listed by another whom it lists', () => {
    const one = signerOf('Lister', { issuer: ca, extensions: pointingTo('Other lister') })
    const other = signerOf('Other lister', { issuer: ca, extensions: pointingTo('Lister') })
    const known = [one, other]
    expect(status(pointed, known, [ofRoot, indirectListOf(one), indirectListOf(other)])).toBe('good')
    const revoking = indirectListOf(other, one.certificate)
    expect(status(pointed, known, [ofRoot, indirectListOf(one), revoking])).toBe('revocation_unknown')
  })

  it('is not believed where its certificate has expired', () => {
    const lister = signerOf('Lister', { issuer: root, notAfter: days(-1) })
    expect(status(pointed, [lister], [ofRoot, indirectListOf(lister)])).toBe('revocation_unknown')
  })

  it.each([
    [4, 'good'],
    [5, 'revocation_unknown'],
  ])('is looked for over %i that list each other, and then no further', (length, expected) => {
    const signers = Array.from({ length }, (_, i) =>
      signerOf(i === 0 ? 'Lister' : `Lister ${i}`, {
        issuer: i === length - 1 ? root : ca,
        extensions: i === length - 1 ? [] : pointingTo(`Lister ${i + 1}`),
      }),
    )
    const lists = signers.map((signer) => indirectListOf(signer))
    expect(status(pointed, signers, [ofRoot, ...lists])).toBe(expected)
  })
})

describe('lists that disagree', () => {
  const numbered = (value: number, change: Partial<CrlSpec> = {}): CertificateRevocationList =>
    crlOf({ issuer: ca, extensions: [crlNumber(value)], thisUpdate: days(value - 10), ...change })
  const held = { entries: [{ ...entry(leaf), reason: 'certificateHold' as const }] }

  it.each<[string, string, CertificateRevocationList[]]>([
    ['a later list of the same key takes a hold back', 'good', [numbered(1, held), numbered(2)]],
    ['an earlier one does not', 'revoked', [numbered(1), numbered(2, held)]],
    [
      'a later list without a number does not, for nobody knows that it is the next one',
      'revoked',
      [numbered(1, held), numbered(2, { extensions: [] })],
    ],
    [
      'a later list with a lower number does not',
      'revoked',
      [numbered(2, held), numbered(1, { thisUpdate: days(-1) })],
    ],
    [
      'a later list that is out of date does not',
      'revoked',
      [numbered(1, held), numbered(2, { nextUpdate: days(-1) })],
    ],
    [
      'a later list that cannot be used does not',
      'revoked',
      [
        numbered(1, held),
        numbered(2, {
          extensions: [crlNumber(2), { oid: '1.2.3', critical: true, valueDer: Uint8Array.of(5, 0) }],
        }),
      ],
    ],
  ])('%s', (_, expected, crls) => {
    expect(status(leaf, [], [ofRoot, ...crls])).toBe(expected)
    expect(status(leaf, [], [...crls.reverse(), ofRoot])).toBe(expected)
  })

  it('a later list of another key does not take it back', () => {
    const signer = signerOf('CA', { issuer: root })
    const later = numbered(2, { issuer: signer })
    expect(status(leaf, [signer], [ofRoot, numbered(1, held), later])).toBe('revoked')
  })
})
