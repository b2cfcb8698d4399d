import { describe, expect, it } from 'vitest'
import { platformCrypto } from '../../crypto/platform.js'
import { caOf, certificateOf, crlOf, days, leafOf, newKey, noon } from '../../rules/path/test-certificates.js'
import type { CertificateRevocationList } from '../../x509/certificate-revocation-list.js'
import { createExtension } from '../../x509/extension.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { issuingDistributionPoint } from '../../x509/extensions/issuing-distribution-point.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { createName } from '../../x509/name.js'
import { encodeRevokedCertificates } from '../../x509/revoked-certificate.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { verifyCertificate, type VerifyRequest } from './verify-certificate.js'

/* What whoever sends lists can make us do. Work is counted in signatures that are verified. */

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })
const leaf = leafOf(ca)
const ofRoot = crlOf({ issuer: root })
const ofCa = crlOf({ issuer: ca })
const request = {
  certificate: leaf,
  intermediates: [ca.certificate],
  trustAnchors: [root.certificate],
  at: noon,
  purpose: 'any',
} as const

function verified(change: Partial<VerifyRequest>): { status: string; signatures: number } {
  let signatures = 0
  const crypto = {
    ...platformCrypto,
    verify(signed: Parameters<typeof platformCrypto.verify>[0]) {
      signatures++
      return platformCrypto.verify(signed)
    },
  }
  const verdict = verifyCertificate({ ...request, ...change }, { crypto })
  if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
  return { status: verdict.ok ? 'good' : (verdict.faults[0]?.fault ?? ''), signatures }
}

/** The same list over and over, as somebody could make it who does not have the key. */
const copies = (
  crl: CertificateRevocationList,
  count: number,
  issuerOf: (i: number) => string,
): CertificateRevocationList[] =>
  Array.from({ length: count }, (_, i) => ({
    ...crl,
    issuer: createName({ commonName: issuerOf(i) }),
    der: Uint8Array.of(i >> 8, i & 0xff),
    thisUpdate: new Date(crl.thisUpdate.getTime() + i),
    signature: new Uint8Array(64),
  }))

const scope = {
  onlyContainsUserCerts: false,
  onlyContainsCACerts: false,
  onlyContainsAttributeCerts: false,
  indirectCRL: false,
}
const at = (part: number) =>
  ({ type: 'fullName', names: [{ type: 'uri', value: `http://pki.example/${part}.crl` }] }) as const
const publishedAt = (part: number) =>
  createExtension(issuingDistributionPoint, { ...scope, distributionPoint: at(part) }, { critical: true })

describe('revocation takes bounded work', () => {
  const alone = verified({ crls: [ofRoot, ofCa] })

  it('with thousands of lists of others, which cost nothing', () => {
    expect(alone).toEqual({ status: 'good', signatures: 4 })
    const others = copies(ofCa, 5000, (i) => `CA ${i}`)
    expect(verified({ crls: [...others, ofRoot, ofCa] })).toEqual(alone)
  })

  it('with thousands of lists of its CA for other distribution points', () => {
    const points = Array.from({ length: 64 }, (_, i) => ({ distributionPoint: at(i) }))
    const certificate = leafOf(ca, {
      extensions: [createExtension(cRLDistributionPoints, points, { critical: false })],
    })
    const own = crlOf({ issuer: ca, extensions: [publishedAt(63)], thisUpdate: days(-2) })
    const others = copies(ofCa, 5000, () => 'CA').map((crl, i) => ({
      ...crl,
      extensions: [publishedAt(64 + i)],
    }))
    expect(verified({ certificate, crls: [...others, ofRoot, own] })).toEqual(alone)
  })

  it('with thousands of forged lists of its CA', () => {
    const forged = copies(ofCa, 5000, () => 'CA')
    const { status, signatures } = verified({ crls: [...forged, ofRoot, ofCa] })
    expect(status).toBe('revocation_unknown')
    expect(signatures).toBeLessThan(110)
  })

  it('with hundreds of certificates of the CRL issuer', () => {
    const others = Array.from({ length: 300 }, () => caOf('CA', { issuer: root }).certificate)
    const forged = copies(ofCa, 50, () => 'CA')
    const { signatures } = verified({
      intermediates: [...others, ca.certificate],
      crls: [...forged, ofRoot, ofCa],
    })
    expect(signatures).toBeLessThan(1300)
  })

  it('with CRL issuers that list each other in every direction', () => {
    const names = Array.from({ length: 12 }, (_, i) => `Lister ${i}`)
    const points = names.map((commonName) => ({
      crlIssuer: [{ type: 'directoryName', name: createName({ commonName }) }] as const,
    }))
    const pointing = createExtension(cRLDistributionPoints, points, { critical: false })
    const usage = createExtension(keyUsage, ['cRLSign'], { critical: true })
    const indirect = createExtension(
      issuingDistributionPoint,
      { ...scope, indirectCRL: true },
      { critical: true },
    )
    const listers = names.map((name) => {
      const key = newKey()
      return {
        name,
        key,
        certificate: certificateOf({ name, key, issuer: ca, extensions: [usage, pointing] }),
      }
    })
    const { status, signatures } = verified({
      certificate: leafOf(ca, { extensions: [pointing] }),
      intermediates: [ca.certificate, ...listers.map(({ certificate }) => certificate)],
      crls: [ofRoot, ...listers.map((issuer) => crlOf({ issuer, extensions: [indirect] }))],
    })
    expect(status).toBe('good')
    expect(signatures).toBeLessThan(200)
  })
})

describe('a list is left out of account', () => {
  it.each<[string, Uint8Array]>([
    ['that is 10 MB of nothing', new Uint8Array(10_000_000)],
    ['that is 10 MB of SEQUENCEs', new Uint8Array(10_000_000).fill(0x30)],
    ['that claims more than it has', Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x30)],
    ['that is cut off', ofCa.der.subarray(0, -1)],
    ['that is empty', new Uint8Array()],
    ['that is a certificate', leaf.der],
  ])('%s', (_, bad) => {
    expect(verified({ crls: [bad, ofRoot] }).status).toBe('revocation_unknown')
    expect(verified({ crls: [bad, ofRoot, ofCa], ocspResponses: [bad] }).status).toBe('good')
  })
})

it('a list of a million entries is read to its end', { timeout: 120_000 }, () => {
  const revocationDate = days(-2)
  const own = encodeRevokedCertificates([{ serialNumber: leaf.serialNumber, revocationDate }])
  const serialNumber = parseSerialNumber('10000000')
  const entry = encodeRevokedCertificates([{ serialNumber, revocationDate }])
  const slab = new Uint8Array(1_000_000 * entry.length)
  const view = new DataView(slab.buffer)
  for (let i = 0; i < 1_000_000; i++) {
    slab.set(entry, i * entry.length)
    // The content of the serial number, behind the headers of the entry and of the INTEGER.
    view.setUint32(i * entry.length + 4, 0x10000000 + i)
  }
  const { der } = crlOf({ issuer: ca, slabs: [slab, own] })
  expect(der.length).toBeGreaterThan(20_000_000)
  expect(verified({ crls: [ofRoot, der] }).status).toBe('revoked')
})
