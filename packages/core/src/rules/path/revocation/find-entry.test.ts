import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../encoding/bytes.js'
import { hexDecode } from '../../../encoding/hex.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { createExtension } from '../../../x509/extension.js'
import { issuerAltName } from '../../../x509/extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import type { GeneralName } from '../../../x509/general-name.js'
import { createName } from '../../../x509/name.js'
import { encodeRevokedCertificates, type RevokedCertificate } from '../../../x509/revoked-certificate.js'
import { parseSerialNumber, type SerialNumber } from '../../../x509/serial-number.js'
import { caOf, certificateOf, crlOf, days, leafOf, newKey } from '../test-certificates.js'
import { findEntry } from './find-entry.js'

const [ca, other] = [caOf('CA'), caOf('Other CA')]
const serialNumber = parseSerialNumber('7f0102')
const key = newKey()
const leaf = certificateOf({ name: 'leaf', key, issuer: ca, serialNumber })
const twin = certificateOf({ name: 'leaf', key, issuer: other, serialNumber })

const entry = (change: Partial<RevokedCertificate> = {}): RevokedCertificate => ({
  serialNumber,
  revocationDate: days(-2),
  ...change,
})
const about = (commonName: string): { certificateIssuer: readonly GeneralName[] } => ({
  certificateIssuer: [{ type: 'directoryName', name: createName({ commonName }) }],
})
const filler = (change: Partial<RevokedCertificate> = {}) =>
  entry({ serialNumber: parseSerialNumber('11'), ...change })
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

const found = (crl: CertificateRevocationList, certificate: Certificate = leaf): string => {
  const search = findEntry(crl, certificate)
  return search.kind === 'found' ? (search.entry.reason ?? 'found') : search.kind
}
const listed = (entries: RevokedCertificate[], certificate?: Certificate): string =>
  found(crlOf({ issuer: ca, entries }), certificate)
const listedIndirectly = (entries: RevokedCertificate[], certificate?: Certificate): string =>
  found(crlOf({ issuer: ca, entries, extensions: [indirect] }), certificate)

/** A CRL whose entries are these bytes. */
const withEntries = (...entries: Uint8Array[]): CertificateRevocationList => ({
  ...crlOf({ issuer: ca }),
  entriesDer: concatBytes(...entries),
})

function entryWith(hex: string): Uint8Array {
  const body = hexDecode(hex.replaceAll(' ', ''))
  return concatBytes(Uint8Array.of(0x30, body.length), body)
}

describe('an entry of a CRL', () => {
  it('is found by its serial number', () => {
    expect(listed([])).toBe('absent')
    expect(listed([filler()])).toBe('absent')
    expect(listed([filler(), entry({ reason: 'superseded' }), filler()])).toBe('superseded')
  })

  it('is not mistaken for one whose serial number starts or ends alike', () => {
    const alike = ['7f010200', '7f01', '017f0102', '0102'].map((hex) => parseSerialNumber(hex))
    expect(listed(alike.map((one) => entry({ serialNumber: one })))).toBe('absent')
  })

  it('counts where the same list takes the certificate off, whatever the order', () => {
    const twice = [entry({ reason: 'removeFromCRL' }), entry({ reason: 'keyCompromise' })]
    expect(listed(twice)).toBe('keyCompromise')
    expect(listed(twice.reverse())).toBe('keyCompromise')
  })

  it('is not mistaken for that of the negative number with the same last octets', () => {
    const [positive, negative] = ['80', '-80'] as [SerialNumber, SerialNumber]
    const looked = { ...leaf, serialNumber: negative }
    expect(listed([entry({ serialNumber: positive })], looked)).toBe('absent')
    expect(listed([entry({ serialNumber: negative })], looked)).toBe('found')
    expect(listed([entry({ serialNumber: negative })], { ...leaf, serialNumber: positive })).toBe('absent')
  })
})

describe('an indirect CRL (RFC 5280 §5.3.3)', () => {
  it('is about its own issuer until it names another', () => {
    expect(listedIndirectly([entry()])).toBe('found')
    expect(listedIndirectly([entry()], twin)).toBe('absent')
    expect(listedIndirectly([entry(about('Other CA'))])).toBe('absent')
    expect(listedIndirectly([entry(about('Other CA'))], twin)).toBe('found')
  })

  it('keeps the issuer that it has named, over entries that name none', () => {
    const carried = [filler(about('Other CA')), filler({ reason: 'keyCompromise' }), entry()]
    expect(listedIndirectly(carried, twin)).toBe('found')
    expect(listedIndirectly(carried)).toBe('absent')
    expect(listedIndirectly([...carried, entry(about('CA'))])).toBe('found')
    expect(listedIndirectly([filler(about('Other CA')), filler(about('Third CA')), entry()], twin)).toBe(
      'absent',
    )
  })

  it('names an issuer by an alternative name, too', () => {
    const names: GeneralName[] = [{ type: 'uri', value: 'https://ca.example/' }]
    const named = leafOf(other, { extensions: [createExtension(issuerAltName, names, { critical: false })] })
    const entries = [entry({ serialNumber: named.serialNumber, certificateIssuer: names })]
    expect(listedIndirectly(entries, named)).toBe('found')
    expect(listedIndirectly([entry({ certificateIssuer: names })], twin)).toBe('absent')
  })

  it('forgets the issuer before, where it names one that nobody can know', () => {
    const nobody = { certificateIssuer: [{ type: 'dns', value: 'ca.example' }] as const }
    expect(listedIndirectly([filler(nobody), entry()])).toBe('absent')
  })

  it('must say that it is one', () => {
    expect(listed([filler(about('Other CA')), entry()])).toBe('unusable')
    expect(listed([filler(about('CA')), entry()])).toBe('found')
  })
})

describe('a CRL is not usable at all (RFC 5280 §5.3)', () => {
  const time = '170d 3236303130313030303030305a'
  const good = encodeRevokedCertificates([entry({ reason: 'keyCompromise' })])
  it.each<[string, string]>([
    ['for a critical extension that is unknown, of an entry behind', '30 0c 30 0a 0603 2a0304 0101ff 0400'],
    ['for extensions that are no list', '02 0101'],
    ['for an extension that is no SEQUENCE', '30 03 020101'],
    ['for an extension without a value', '30 07 30 05 0603 55 1d 15'],
    ['for an empty extension in front of another', '30 0d 3000 30 09 0603 551d15 0402 0a01'],
  ])('%s', (_, extensions) => {
    const bad = entryWith(`020109 ${time} ${extensions}`)
    expect(found(withEntries(good, bad))).toBe('unusable')
    expect(found(withEntries(bad, good))).toBe('unusable')
  })

  it('for a malformed extension of the entry that is looked for', () => {
    const bad = entryWith(`0203 7f0102 ${time} 30 0c 30 0a 0603 551d15 0403 0a0163`)
    expect(found(withEntries(bad))).toBe('unusable')
  })

  it('but an unknown extension that is not critical does no harm', () => {
    const harmless = entryWith(`020109 ${time} 30 09 30 07 0603 2a0304 0400`)
    expect(found(withEntries(harmless, good))).toBe('keyCompromise')
  })
})

/** Of an issuer with so many names that the length of the entry takes one, two and three octets more. */
const longIssuer = (count: number): Partial<RevokedCertificate> => ({
  certificateIssuer: Array.from({ length: count }, (_, i): GeneralName => {
    const commonName = i === 0 ? 'Other CA' : `Also known as ${i}`
    return { type: 'directoryName', name: createName({ commonName }) }
  }),
})

describe('entries of any length', () => {
  it.each([2, 5, 10, 2500])('are passed over to the next one: %s names', (count) => {
    const entries = [filler(longIssuer(count)), filler(), entry({ reason: 'superseded' })]
    const crl = crlOf({ issuer: ca, entries, extensions: [indirect] })
    expect(found(crl, twin)).toBe('superseded')
    expect(found(crl)).toBe('absent')
  })

  it('name an issuer again and again, and then another one', () => {
    const named = [longIssuer(3), longIssuer(3), about('CA'), longIssuer(3)].map(filler)
    const crl = (before: number) =>
      crlOf({ issuer: ca, entries: [...named.slice(0, before), entry()], extensions: [indirect] })
    for (const before of [1, 2, 4]) expect(found(crl(before), twin)).toBe('found')
    expect(found(crl(3), twin)).toBe('absent')
    expect(found(crl(3))).toBe('found')
  })
})

const told = (hex: string) => {
  const search = findEntry(withEntries(entryWith(hex)), leaf)
  return search.kind === 'unusable' ? search.because : search.kind
}

describe('why a CRL is not usable is told', () => {
  const head = '020111 170d3236303130313030303030305a'
  const reason = '300a 0603551d15 0403 0a0101'

  it('the critical extension that nobody processes, beside others', () => {
    expect(told(`${head} 3018 ${reason} 300a 06032a0304 0101ff 0400`)).toBe(
      'has an entry with the critical extension 1.2.3.4',
    )
    const plain = '3007 06032a0305 0400'
    expect(told(`${head} 3015 ${plain} 300a 06032a0304 0101ff 0400`)).toBe(
      'has an entry with the critical extension 1.2.3.4',
    )
  })

  it.each([
    ['something else than a list of extensions', `${head} 3100`],
    ['an extension that is none', `${head} 3009 3107 06032a0304 0400`],
    ['an extension without an OID', `${head} 3009 3007 04032a0304 0400`],
    ['an extension without a value', `${head} 3009 3007 06032a0304 0500`],
    ['an extension with more behind its value', `${head} 300b 3009 06032a0304 0400 0400`],
  ])('%s', (_, hex) => {
    expect(told(hex)).toMatch(/^has an unreadable entry: /)
  })
})
