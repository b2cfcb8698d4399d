import { describe, expect, it } from 'vitest'
import type { CertificateRevocationList } from '../../x509/certificate-revocation-list.js'
import { createExtension } from '../../x509/extension.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { cRLNumber } from '../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../x509/extensions/delta-crl-indicator.js'
import {
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from '../../x509/extensions/issuing-distribution-point.js'
import { createName } from '../../x509/name.js'
import {
  caOf,
  type CrlSpec,
  crlOf,
  days,
  leafOf,
  noon,
  shuffled,
} from '../../rules/path/test-certificates.js'
import { verifyCertificate, type VerifyRequest } from './verify-certificate.js'

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })
const other = caOf('Other CA', { issuer: root })
const url = 'http://pki.example/1.crl'
const pointing = (crlIssuer?: string, reasons?: readonly ['keyCompromise']) =>
  createExtension(
    cRLDistributionPoints,
    [
      {
        distributionPoint: { type: 'fullName', names: [{ type: 'uri', value: url }] },
        ...(reasons && { reasons }),
        ...(crlIssuer !== undefined && {
          crlIssuer: [{ type: 'directoryName' as const, name: createName({ commonName: crlIssuer }) }],
        }),
      },
    ],
    { critical: false },
  )

const leaf = leafOf(ca)
const pointed = leafOf(ca, { extensions: [pointing()] })
const number = (value: number) => createExtension(cRLNumber, BigInt(value), { critical: false })
const delta = (base: number) => createExtension(deltaCRLIndicator, BigInt(base), { critical: true })
const scope = (value: Partial<IssuingDistributionPoint>) =>
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
const at = (uri: string) => ({ type: 'fullName', names: [{ type: 'uri', value: uri }] }) as const
const entry = (certificate: typeof leaf, reason?: 'keyCompromise' | 'certificateHold' | 'removeFromCRL') => ({
  serialNumber: certificate.serialNumber,
  revocationDate: days(-1),
  ...(reason && { reason }),
})
const listOf = (change: Partial<CrlSpec> = {}) => crlOf({ issuer: ca, extensions: [number(1)], ...change })
const ofRoot = crlOf({ issuer: root, extensions: [number(1)] })

function status(crls: readonly CertificateRevocationList[], change: Partial<VerifyRequest> = {}): string {
  const verdict = verifyCertificate({
    certificate: leaf,
    intermediates: [ca.certificate, other.certificate],
    trustAnchors: [root.certificate],
    crls: [ofRoot, ...crls],
    at: noon,
    purpose: 'any',
    ...change,
  })
  if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
  return verdict.ok ? 'good' : (verdict.faults[0]?.fault ?? '')
}

const noRevAvail = { oid: '2.5.29.56', critical: false, valueDer: Uint8Array.of(5, 0) }
const about = (name: string) => [{ type: 'directoryName' as const, name: createName({ commonName: name }) }]

describe('a certificate is', () => {
  const someReasons = { onlySomeReasons: ['keyCompromise'] as const }
  const rows: [string, string, CertificateRevocationList[], Partial<VerifyRequest>?][] = [
    ['good by a list that does not have it', 'good', [listOf()]],
    ['revoked by one that has it', 'revoked', [listOf({ entries: [entry(leaf, 'keyCompromise')] })]],
    ['not known to be good without a list', 'revocation_unknown', []],
    ['taken without a list where that is asked for', 'good', [], { revocation: 'soft-fail' }],
    ['revoked also there', 'revoked', [listOf({ entries: [entry(leaf)] })], { revocation: 'soft-fail' }],
    [
      'not judged by the list of another CA',
      'revocation_unknown',
      [listOf({ issuer: other, entries: [entry(leaf)] })],
    ],
    ['not judged by a forged list', 'revocation_unknown', [crlOf({ issuer: { ...other, name: 'CA' } })]],
    [
      'not judged by a list that is out of date',
      'revocation_unknown',
      [listOf({ nextUpdate: days(-1, noon), thisUpdate: days(-2) })],
    ],
    ['not judged by a list from the future', 'revocation_unknown', [listOf({ thisUpdate: days(1) })]],
    [
      'not judged by a list that is too old for the caller',
      'revocation_unknown',
      [listOf()],
      { maximumRevocationAgeSeconds: 3600 },
    ],
    [
      'not judged by a list of CAs alone',
      'revocation_unknown',
      [listOf({ extensions: [number(1), scope({ onlyContainsCACerts: true })] })],
    ],
    [
      'good by a list of end entities alone',
      'good',
      [listOf({ extensions: [number(1), scope({ onlyContainsUserCerts: true })] })],
    ],
    [
      'not good by a list of some reasons alone',
      'revocation_unknown',
      [listOf({ extensions: [number(1), scope(someReasons)] })],
    ],
    [
      'not judged by a list of another distribution point',
      'revocation_unknown',
      [listOf({ extensions: [number(1), scope({ distributionPoint: at('http://pki.example/2.crl') })] })],
      { certificate: pointed },
    ],
    [
      'good by the list of its distribution point',
      'good',
      [listOf({ extensions: [number(1), scope({ distributionPoint: at(url) })] })],
      { certificate: pointed },
    ],
    [
      'not judged by a list with an unknown critical extension',
      'revocation_unknown',
      [listOf({ extensions: [number(1), { oid: '1.2.3', critical: true, valueDer: Uint8Array.of(5, 0) }] })],
    ],
    [
      'revoked by a delta that is newer than the list',
      'revoked',
      [listOf(), listOf({ extensions: [number(2), delta(1)], entries: [entry(leaf, 'keyCompromise')] })],
    ],
    [
      'good again by a delta that takes it off the list',
      'good',
      [
        listOf({ entries: [entry(leaf, 'certificateHold')] }),
        listOf({ extensions: [number(2), delta(1)], entries: [entry(leaf, 'removeFromCRL')] }),
      ],
    ],
    [
      'revoked whatever a delta based on a later list says',
      'revoked',
      [
        listOf({ entries: [entry(leaf, 'certificateHold')] }),
        listOf({ extensions: [number(9), delta(8)], entries: [entry(leaf, 'removeFromCRL')] }),
      ],
    ],
    [
      'good by an old list that a delta keeps up to date',
      'good',
      [
        listOf({ nextUpdate: days(-1, noon), thisUpdate: days(-3) }),
        listOf({ extensions: [number(2), delta(1)] }),
      ],
    ],
    [
      'not asked about where its CA says that it publishes nothing (RFC 9608)',
      'good',
      [],
      { certificate: leafOf(ca, { extensions: [noRevAvail] }) },
    ],
    ['not judged by a delta alone', 'revocation_unknown', [listOf({ extensions: [number(2), delta(1)] })]],
  ]
  it.each(rows)('%s: %s', (_, expected, crls, change) => {
    expect(status(crls, change)).toBe(expected)
  })

  it('revoked where its CA is', () => {
    const revoked = crlOf({ issuer: root, extensions: [number(1)], entries: [entry(ca.certificate)] })
    expect(status([listOf()], { crls: [listOf(), revoked] })).toBe('revoked')
  })

  it('asked about where it is a CA, even if it says that there is nothing to ask', () => {
    const silent = caOf('Silent CA', { issuer: root, extensions: [noRevAvail] })
    const asked = { certificate: leafOf(silent), intermediates: [silent.certificate] }
    const crls = [listOf({ issuer: silent })]
    expect(status(crls, asked)).toBe('good')
    expect(status([], { ...asked, crls })).toBe('revocation_unknown')
  })

  it('what an indirect list of another CA says, where the certificate names that CA (§5.3.3)', () => {
    const indirect = [number(1), scope({ indirectCRL: true, distributionPoint: at(url) })]
    const certificate = leafOf(ca, { extensions: [pointing('Other CA')] })
    const list = (issuerOfEntry: string) =>
      crlOf({
        issuer: other,
        extensions: indirect,
        entries: [{ ...entry(certificate), certificateIssuer: about(issuerOfEntry) }],
      })
    expect(status([list('CA')], { certificate })).toBe('revoked')
    expect(status([list('Somebody else')], { certificate })).toBe('good')
    expect(status([crlOf({ issuer: other, extensions: [number(1)] })], { certificate })).toBe(
      'revocation_unknown',
    )
  })

  it('judged by the new key of its CA where a path leads to it (key rollover)', () => {
    const renewed = caOf('CA', { issuer: root })
    const crl = crlOf({ issuer: renewed, extensions: [number(1)] })
    expect(status([crl])).toBe('revocation_unknown')
    expect(status([crl], { intermediates: [ca.certificate, renewed.certificate] })).toBe('good')
  })
})

describe('the verdict', () => {
  const lists = [
    listOf({ entries: [entry(leaf, 'certificateHold')] }),
    listOf({ extensions: [number(2), delta(1)], entries: [entry(leaf, 'removeFromCRL')] }),
    listOf({ issuer: other }),
    listOf({ extensions: [number(3), scope({ onlyContainsCACerts: true })] }),
  ]
  it('does not depend on the order of the lists', () => {
    for (let seed = 0; seed < 24; seed++) expect(status(shuffled(lists, seed))).toBe('good')
  })

  it('is asked for where nothing at hand tells, and only then', () => {
    const asked: string[] = []
    const request = {
      certificate: leaf,
      intermediates: [ca.certificate],
      trustAnchors: [root.certificate],
      crls: [ofRoot],
      at: noon,
      purpose: 'any',
    } as const
    const verdict = verifyCertificate(request, {
      fetchRevocation: ({ certificate }) => {
        asked.push(certificate.serialNumber)
        return { crls: [listOf()] }
      },
    })
    expect(verdict).toMatchObject({ ok: true })
    expect(asked).toEqual([leaf.serialNumber])
  })

  it('is asked for once, and put together with what is at hand', async () => {
    const asked: string[] = []
    const verdict = await verifyCertificate(
      {
        certificate: pointed,
        intermediates: [ca.certificate],
        trustAnchors: [root.certificate],
        crls: [ofRoot, listOf({ thisUpdate: days(-3), nextUpdate: days(-1, noon) })],
        at: noon,
        purpose: 'any',
      },
      {
        fetchRevocation: async ({ crlUris, deltaCrlUris, ocspUris }) => {
          asked.push(...crlUris, ...deltaCrlUris, ...ocspUris)
          return { crls: [listOf({ extensions: [number(2), delta(1)] })] }
        },
      },
    )
    expect(verdict).toMatchObject({ ok: true })
    expect(asked).toEqual([url])
  })
})
