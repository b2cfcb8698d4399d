import { describe, expect, it } from 'vitest'
import { compareBytes } from '../../encoding/bytes.js'
import { createExtension } from '../../x509/extension.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import { CertificatePool, namesAnotherKey } from './certificate-pool.js'
import { caOf, certificateOf, days, leafOf, newKey } from './test-certificates.js'

const mine = (...octets: number[]) =>
  createExtension(subjectKeyIdentifier, Uint8Array.of(...octets), { critical: false })
const issuers = (...octets: number[]) =>
  createExtension(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(...octets) }, { critical: false })

describe('an issuer', () => {
  const [root, other] = [caOf('Root'), caOf('Other')]
  const leaf = leafOf(root)

  it('is whoever has the name, anchor or not, and each once', () => {
    const twice = [root.certificate, root.certificate]
    const pool = new CertificatePool(twice, [...twice, other.certificate])
    expect(pool.issuersOf(leaf)).toEqual([
      { certificate: root.certificate, isAnchor: true },
      { certificate: root.certificate, isAnchor: false },
    ])
  })

  it('is nobody where nobody has the name', () => {
    expect(new CertificatePool([other.certificate], []).issuersOf(leaf)).toEqual([])
  })

  it('is asked in one order, however the certificates came: anchors, then who is valid longest', () => {
    const key = newKey()
    const until = (count: number) => certificateOf({ name: 'Root', key, notAfter: days(count) })
    const [short, long, longer] = [until(10), until(20), until(30)]
    const expected = [short, longer, long]
    for (const given of [
      [long, longer],
      [longer, long],
    ]) {
      const found = new CertificatePool([short], given).issuersOf(leaf)
      expect(found.map(({ certificate }) => certificate)).toEqual(expected)
      expect(found.map(({ isAnchor }) => isAnchor)).toEqual([true, false, false])
    }
  })

  it('of two that are valid as long, the one with the smaller bytes comes first', () => {
    const twins = Array.from({ length: 4 }, () => certificateOf({ name: 'Root', key: newKey() }))
    const found = new CertificatePool([], twins).issuersOf(leaf).map(({ certificate }) => certificate.der)
    expect(found).toEqual(twins.map(({ der }) => der).sort(compareBytes))
  })
})

/** With its subjectKeyIdentifier, or without one. */
const ca = (...extensions: Parameters<typeof mine>[] | []) =>
  certificateOf({ name: 'CA', key: newKey(), extensions: extensions.map((octets) => mine(...octets)) })

describe('a key identifier is a hint (RFC 4158 §3.5.12)', () => {
  const certificate = certificateOf({
    name: 'Leaf',
    key: newKey(),
    issuer: { name: 'CA', key: newKey() },
    extensions: [issuers(1, 2)],
  })

  it('that tells nothing where one of the two is silent', () => {
    expect(namesAnotherKey(certificate, ca())).toBe(false)
    expect(namesAnotherKey(ca(), ca([9]))).toBe(false)
    expect(namesAnotherKey(certificate, ca([1, 2]))).toBe(false)
    expect(namesAnotherKey(certificate, ca([1, 3]))).toBe(true)
  })

  it('by which those with another identifier come last, and are not left out', () => {
    const [same, another, silent] = [ca([1, 2]), ca([9, 9]), ca()]
    for (const given of [
      [another, same, silent],
      [silent, another, same],
    ]) {
      const found = new CertificatePool([], given).issuersOf(certificate)
      expect(found).toHaveLength(3)
      expect(found[2]?.certificate).toBe(another)
    }
  })
})
