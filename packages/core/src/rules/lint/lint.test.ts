import { describe, expect, it } from 'vitest'
import { DerReader } from '../../asn1/der-reader.js'
import {
  bitString,
  encode,
  nullValue,
  objectIdentifier,
  raw,
  sequence,
  unsignedInteger,
} from '../../asn1/der-writer.js'
import { Tag } from '../../asn1/tags.js'
import { hexDecode, hexEncode } from '../../encoding/hex.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { encodePublicKey } from '../../crypto/public-key.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import { encodeTbsCertificate, parseCertificate, type TbsCertificate } from '../../x509/certificate.js'
import { createExtension, type Extension, type ExtensionType } from '../../x509/extension.js'
import { authorityInfoAccess } from '../../x509/extensions/authority-info-access.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { noRevAvail } from '../../x509/extensions/no-rev-avail.js'
import { ocspNoCheck } from '../../x509/extensions/ocsp-no-check.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName, emptyName, parseName, relativeDistinguishedName } from '../../x509/name.js'
import { parseSerialNumber, type SerialNumber } from '../../x509/serial-number.js'
import { encodeSignedData } from '../../x509/signed-data.js'
import { allRules } from './all-rules.js'
import { hasLintError, lintTbs } from './lint.js'

/* Each row spoils one thing of a certificate that no rule objects to. */

const ecPoint = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))
const ecSpki = encode(
  sequence((out) => out.bytes(keyAlgorithms['ECDSA-P256'].identifierDer), bitString(ecPoint)),
)
const edSpki = encode(
  sequence((out) => out.bytes(keyAlgorithms.Ed25519.identifierDer), bitString(new Uint8Array(32).fill(7))),
)

/** RSA with this modulus; a weak one, since no rule looks for the strength of the issuer's key. */
function rsaSpki(octets: number): Uint8Array {
  const modulus = new Uint8Array(octets).fill(0xff)
  const key = encode(sequence(unsignedInteger(modulus), unsignedInteger(Uint8Array.of(1, 0, 1))))
  return encode(sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue), bitString(key)))
}

const issuerName = createName({ commonName: 'Issuing CA', organization: 'Example', country: 'DE' })
const issuerKeyIdentifier = Uint8Array.of(1, 2, 3, 4)
const critical = <T>(type: ExtensionType<T>, value: T): Extension =>
  createExtension(type, value, { critical: true })
const plain = <T>(type: ExtensionType<T>, value: T): Extension =>
  createExtension(type, value, { critical: false })
const uri = (value: string): GeneralName => ({ type: 'uri', value })
const dns = (value: string): GeneralName => ({ type: 'dns', value })
const pointTo = (value: string) => [{ distributionPoint: { type: 'fullName' as const, names: [uri(value)] } }]

const caExtensions: readonly Extension[] = [
  critical(basicConstraints, { isCa: true }),
  critical(keyUsage, ['keyCertSign', 'cRLSign']),
  plain(subjectKeyIdentifier, issuerKeyIdentifier),
]

const ca: TbsCertificate = {
  serialNumber: parseSerialNumber('4f00000000000001'),
  signatureAlgorithmDer: signatureAlgorithms['ECDSA-SHA256'].identifierDer,
  issuer: issuerName,
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2035-12-31T23:59:59Z'),
  subject: issuerName,
  spkiDer: ecSpki,
  extensions: caExtensions,
}

const leafExtensions: readonly Extension[] = [
  critical(basicConstraints, { isCa: false }),
  critical(keyUsage, ['digitalSignature']),
  plain(extendedKeyUsage, [keyPurposes.serverAuth]),
  plain(subjectAltName, [dns('db.example.org'), { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) }]),
  plain(subjectKeyIdentifier, Uint8Array.of(9)),
  plain(authorityKeyIdentifier, { keyIdentifier: issuerKeyIdentifier }),
  plain(cRLDistributionPoints, pointTo('http://pki.example.org/crl/1')),
  plain(authorityInfoAccess, [
    { accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri('http://pki.example.org/ocsp/1') },
  ]),
]

const leaf: TbsCertificate = {
  ...ca,
  notAfter: new Date('2026-12-31T23:59:59Z'),
  subject: createName({ commonName: 'db.example.org' }),
  extensions: leafExtensions,
}

const issuerOf = (tbs: TbsCertificate) =>
  parseCertificate(
    encodeSignedData({
      tbsDer: encodeTbsCertificate(tbs),
      signatureAlgorithmDer: tbs.signatureAlgorithmDer,
      signature: Uint8Array.of(0),
    }),
  )
const issuer = issuerOf(ca)

/** The extensions with these in the place of those of the same type. */
const withExtensions = (base: TbsCertificate, ...changed: readonly Extension[]): TbsCertificate => ({
  ...base,
  extensions: [...base.extensions.filter(({ oid }) => !changed.some((one) => one.oid === oid)), ...changed],
})
const without = (base: TbsCertificate, type: { readonly oid: string }): TbsCertificate => ({
  ...base,
  extensions: base.extensions.filter(({ oid }) => oid !== type.oid),
})
const named = (...names: readonly GeneralName[]): TbsCertificate =>
  withExtensions(leaf, plain(subjectAltName, names))
const purposes = (...oids: readonly string[]): TbsCertificate =>
  withExtensions(leaf, plain(extendedKeyUsage, oids))
const subjectOf = (type: string, tag: number, value: string) =>
  parseName(encode(sequence(relativeDistinguishedName([{ type, tag, value }]))))

const lintLeaf = (tbs: TbsCertificate, by = issuer) =>
  lintTbs({ tbsDer: encodeTbsCertificate(tbs), issuer: by })
const lintCa = (tbs: TbsCertificate) => lintTbs({ tbsDer: encodeTbsCertificate(tbs) })
const lintDer = (tbsDer: Uint8Array) => lintTbs({ tbsDer, issuer })

/** An extension of this type with other bytes than its encoder writes. */
const rawExtension = ({ oid }: { readonly oid: string }, hex: string): Extension => ({
  oid,
  critical: true,
  valueDer: hexDecode(hex),
})

/** The TBS with its notBefore, of this century, as GeneralizedTime. */
function withGeneralizedTime(tbs: TbsCertificate): Uint8Array {
  const content = hexEncode(new DerReader(encodeTbsCertificate(tbs)).read(Tag.sequence))
  return encode(sequence(raw(hexDecode(content.replace('301e170d', '3020180f3230')))))
}

/** The leaf's TBS without version and extensions: version 1; or with unique identifiers: version 2. */
function oldVersion(version: 1 | 2): Uint8Array {
  const whole = encodeTbsCertificate({ ...leaf, extensions: [] })
  // 30 82 LLLL a0 03 02 01 02 …: the header and the version go, another header comes.
  const headerOctets = (whole[1] as number) === 0x82 ? 4 : (whole[1] as number) === 0x81 ? 3 : 2
  const fields = whole.subarray(headerOctets + 5)
  const rest = version === 1 ? [] : [0xa0, 0x03, 0x02, 0x01, 0x01]
  const uniqueId = version === 1 ? [] : [0x81, 0x02, 0x00, 0x07]
  return encode(sequence((out) => out.bytes(Uint8Array.from([...rest, ...fields, ...uniqueId]))))
}

describe('lintTbs', () => {
  it('finds nothing in a conforming end entity and a conforming root', () => {
    expect(lintLeaf(leaf)).toEqual([])
    expect(lintCa(ca)).toEqual([])
    expect(
      lintLeaf({
        ...ca,
        subject: createName({ commonName: 'Sub CA' }),
        extensions: [
          ...caExtensions,
          ...leafExtensions.filter(({ oid }) => oid === authorityKeyIdentifier.oid),
        ],
      }),
    ).toEqual([])
  })

  const key = (family: 'Ed25519' | 'RSA-1024') => ({
    ...leaf,
    spkiDer: family === 'Ed25519' ? edSpki : rsaSpki(128),
  })
  const emptySubject = { ...leaf, subject: emptyName }
  const constraints = { permitted: [{ base: dns('example.org'), minimum: 0 }], excluded: [] }

  const rows: readonly [rule: string, sentence: string, findings: readonly { rule: string }[]][] = [
    ['well-formed', 'bytes behind the structure', lintDer(Uint8Array.of(...encodeTbsCertificate(leaf), 0))],
    ['version', 'version 1', lintDer(oldVersion(1))],
    [
      'serial-number',
      'a serial number of 21 octets',
      lintLeaf({ ...leaf, serialNumber: 'ff'.repeat(20) as SerialNumber }),
    ],
    [
      'serial-number',
      'a negative serial number',
      lintLeaf({ ...leaf, serialNumber: '-4f0000000000000001' as SerialNumber }),
    ],
    [
      'serial-number-length',
      'a serial number of 7 octets',
      lintLeaf({ ...leaf, serialNumber: parseSerialNumber('4f000000000001') }),
    ],
    [
      'signature-algorithm',
      'an RSA signature by an EC key',
      lintLeaf({ ...leaf, signatureAlgorithmDer: signatureAlgorithms['RSA-PKCS1-SHA256'].identifierDer }),
    ],
    [
      'signature-algorithm',
      'ECDSA with SHA-1',
      lintLeaf({ ...leaf, signatureAlgorithmDer: encode(sequence(objectIdentifier('1.2.840.10045.4.1'))) }),
    ],
    ['issuer-not-empty', 'no issuer', lintLeaf({ ...leaf, issuer: emptyName })],
    [
      'issuer-matches',
      'the name of the issuer in another case',
      lintLeaf({
        ...leaf,
        issuer: createName({ commonName: 'ISSUING CA', organization: 'Example', country: 'DE' }),
      }),
    ],
    [
      'validity-order',
      'notAfter before notBefore',
      lintLeaf({ ...leaf, notAfter: new Date('2025-12-31T00:00:00Z') }),
    ],
    [
      'validity-inside-issuer',
      'a leaf that outlives its issuer by a second',
      lintLeaf({ ...leaf, notAfter: new Date('2036-01-01T00:00:00Z') }),
    ],
    [
      'validity-inside-issuer',
      'a leaf older than its issuer',
      lintLeaf({ ...leaf, notBefore: new Date('2025-12-31T23:59:59Z') }),
    ],
    ['subject-of-ca', 'a CA without subject', lintLeaf({ ...ca, subject: emptyName })],
    [
      'subject-or-alt-name',
      'an empty subject and a subjectAltName that is not critical',
      lintLeaf(emptySubject),
    ],
    [
      'subject-or-alt-name',
      'neither subject nor subjectAltName',
      lintLeaf(without(emptySubject, subjectAltName)),
    ],
    [
      'alt-name-criticality',
      'a critical subjectAltName beside a subject',
      lintLeaf(withExtensions(leaf, critical(subjectAltName, [dns('db.example.org')]))),
    ],
    [
      'name-attribute-length',
      'a common name of 65 characters',
      lintLeaf({ ...leaf, subject: subjectOf('2.5.4.3', Tag.utf8String, 'x'.repeat(65)) }),
    ],
    [
      'country-code',
      'a country of three letters',
      lintLeaf({ ...leaf, subject: subjectOf('2.5.4.6', Tag.printableString, 'DEU') }),
    ],
    [
      'country-code',
      'a country as UTF8String',
      lintLeaf({ ...leaf, subject: subjectOf('2.5.4.6', Tag.utf8String, 'DE') }),
    ],
    [
      'name-string-type',
      'a common name as BMPString',
      lintLeaf({ ...leaf, subject: subjectOf('2.5.4.3', Tag.bmpString, 'Alice') }),
    ],
    ['public-key', 'an RSA key of 1024 bits', lintLeaf(key('RSA-1024'))],
    ['no-unique-identifiers', 'a unique identifier', lintDer(oldVersion(2))],
    [
      'authority-key-identifier-matches',
      'the key identifier of another issuer',
      lintLeaf(withExtensions(leaf, plain(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(5) }))),
    ],
    [
      'authority-key-identifier-matches',
      'no authorityKeyIdentifier',
      lintLeaf(without(leaf, authorityKeyIdentifier)),
    ],
    [
      'subject-key-identifier-of-ca',
      'a CA without subjectKeyIdentifier',
      lintCa(without(ca, subjectKeyIdentifier)),
    ],
    [
      'basic-constraints-of-ca',
      'a CA whose basicConstraints is not critical',
      lintCa(withExtensions(ca, plain(basicConstraints, { isCa: true }))),
    ],
    [
      'key-usage-of-ca',
      'a CA without keyCertSign',
      lintCa(withExtensions(ca, critical(keyUsage, ['cRLSign']))),
    ],
    [
      'key-cert-sign-only-in-ca',
      'keyCertSign in an end entity',
      lintLeaf(withExtensions(leaf, critical(keyUsage, ['digitalSignature', 'keyCertSign']))),
    ],
    [
      'key-usage-critical',
      'a keyUsage that is not critical',
      lintLeaf(withExtensions(leaf, plain(keyUsage, ['digitalSignature']))),
    ],
    [
      'key-usage-fits-key',
      'keyEncipherment for an EC key',
      lintLeaf(withExtensions(leaf, critical(keyUsage, ['digitalSignature', 'keyEncipherment']))),
    ],
    [
      'key-usage-fits-key',
      'keyEncipherment for an ML-DSA key (RFC 9881 §5)',
      lintLeaf(
        withExtensions(
          {
            ...leaf,
            spkiDer: encodePublicKey(keyAlgorithms['ML-DSA-44'].identifierDer, new Uint8Array(1312)),
          },
          critical(keyUsage, ['digitalSignature', 'keyEncipherment']),
        ),
      ),
    ],
    [
      'key-usage-fits-key',
      'keyAgreement for an SLH-DSA key (RFC 9909 §6)',
      lintLeaf(
        withExtensions(
          {
            ...leaf,
            spkiDer: encodePublicKey(keyAlgorithms['SLH-DSA-SHAKE-128s'].identifierDer, new Uint8Array(32)),
          },
          critical(keyUsage, ['digitalSignature', 'keyAgreement']),
        ),
      ),
    ],
    [
      'key-usage-fits-key',
      'keyAgreement for an Ed25519 key',
      lintLeaf(withExtensions(key('Ed25519'), critical(keyUsage, ['digitalSignature', 'keyAgreement']))),
    ],
    ['no-any-purpose', 'anyExtendedKeyUsage', lintLeaf(purposes(keyPurposes.anyExtendedKeyUsage))],
    [
      'no-repeated-purpose',
      'serverAuth twice',
      lintLeaf(purposes(keyPurposes.serverAuth, keyPurposes.serverAuth)),
    ],
    [
      'purpose-fits-key-usage',
      'codeSigning with keyAgreement alone',
      lintLeaf(withExtensions(purposes(keyPurposes.codeSigning), critical(keyUsage, ['keyAgreement']))),
    ],
    [
      'ocsp-no-check-only-in-responder',
      'ocspNoCheck in a server certificate',
      lintLeaf(withExtensions(leaf, plain(ocspNoCheck, true))),
    ],
    [
      'no-revocation-is-consistent',
      'noRevAvail beside the address of a CRL and a responder',
      lintLeaf(withExtensions(leaf, plain(noRevAvail, true))),
    ],
    [
      'must-not-be-critical',
      'noRevAvail that is critical',
      lintLeaf(withExtensions(leaf, critical(noRevAvail, true))),
    ],
    [
      'no-repeated-alt-name',
      'one host in two cases',
      lintLeaf(named(dns('db.example.org'), dns('DB.example.org'))),
    ],
    ...[
      'a_b.example.org',
      'db.example.org.',
      'a..b',
      '-a.example.org',
      '*.org.',
      'a.*.example.org',
      '1.2.3.4',
      'a\0.example.org',
      `${'a'.repeat(64)}.example.org`,
    ].map((name): [string, string, readonly { rule: string }[]] => [
      'dns-name-syntax',
      JSON.stringify(name),
      lintLeaf(named(dns('db.example.org'), dns(name))),
    ]),
    [
      'email-syntax',
      'a phrase before the address',
      lintLeaf(named(dns('db.example.org'), { type: 'email', value: 'Alice <alice@example.org>' })),
    ],
    ['uri-syntax', 'a relative URI', lintLeaf(named(dns('db.example.org'), uri('/path')))],
    [
      'common-name-among-alt-names',
      'a host that stands in the common name only',
      lintLeaf(named(dns('web.example.org'))),
    ],
    [
      'common-name-among-alt-names',
      'an address that stands in the common name only',
      lintLeaf({ ...leaf, subject: createName({ commonName: '2001:db8::1' }) }),
    ],
    [
      'server-has-alt-name',
      'a server without host',
      lintLeaf({ ...named(uri('urn:x:y')), subject: createName({ commonName: 'A server' }) }),
    ],
    [
      'must-be-critical',
      'nameConstraints that is not critical',
      lintCa(withExtensions(ca, plain(nameConstraints, constraints))),
    ],
    [
      'must-not-be-critical',
      'a critical subjectKeyIdentifier',
      lintLeaf(withExtensions(leaf, critical(subjectKeyIdentifier, Uint8Array.of(9)))),
    ],
    [
      'no-unknown-critical-extension',
      'a critical extension 1.2.3.4',
      lintLeaf(withExtensions(leaf, { oid: '1.2.3.4', critical: true, valueDer: Uint8Array.of(5, 0) })),
    ],
    [
      'ca-extensions-only-in-ca',
      'nameConstraints in an end entity',
      lintLeaf(withExtensions(leaf, critical(nameConstraints, constraints))),
    ],
    [
      'name-constraints-comparable',
      'a subtree with a maximum',
      lintCa(
        withExtensions(
          ca,
          critical(nameConstraints, {
            ...constraints,
            excluded: [{ base: dns('a.example.org'), minimum: 0, maximum: 1 }],
          }),
        ),
      ),
    ],
    [
      'name-constraints-comparable',
      'a subtree of registeredIDs',
      lintCa(
        withExtensions(
          ca,
          critical(nameConstraints, {
            permitted: [{ base: { type: 'registeredId', oid: '1.2.3' }, minimum: 0 }],
            excluded: [],
          }),
        ),
      ),
    ],
    [
      'distribution-point-uri',
      'a CRL over https',
      lintLeaf(withExtensions(leaf, plain(cRLDistributionPoints, pointTo('https://pki.example.org/crl')))),
    ],
    [
      'information-access-uri',
      'an OCSP responder with a user in its URI',
      lintLeaf(
        withExtensions(
          leaf,
          plain(authorityInfoAccess, [
            { accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri('http://a@pki.example.org/') },
          ]),
        ),
      ),
    ],
    ['canonical-encoding', 'a GeneralizedTime before 2050', lintDer(withGeneralizedTime(leaf))],
    [
      'canonical-encoding',
      'a zero bit at the end of keyUsage',
      lintLeaf(withExtensions(leaf, rawExtension(keyUsage, '03020080'))),
    ],
    [
      'canonical-encoding',
      'cA FALSE, encoded',
      lintLeaf(withExtensions(leaf, rawExtension(basicConstraints, '3003010100'))),
    ],
    [
      'canonical-encoding',
      'a pathLenConstraint without cA',
      lintLeaf(withExtensions(leaf, rawExtension(basicConstraints, '3003020100'))),
    ],
    [
      'canonical-encoding',
      'an empty authorityInfoAccess',
      lintLeaf(withExtensions(leaf, rawExtension(authorityInfoAccess, '3000'))),
    ],
  ]

  it.each(rows)('%s: %s', (rule, _, findings) => {
    expect(findings.map((finding) => finding.rule)).toContain(rule)
  })

  it('cites clause and level with each finding, and only errors stop the issuance', () => {
    const [finding, ...others] = lintLeaf(withExtensions(leaf, plain(keyUsage, ['digitalSignature'])))
    expect(finding).toEqual({
      rule: 'key-usage-critical',
      level: 'warning',
      clause: 'RFC 5280 §4.2.1.3',
      message: 'keyUsage is not critical',
    })
    expect(others).toEqual([])
    expect(hasLintError([finding as NonNullable<typeof finding>])).toBe(false)
    expect(hasLintError(lintLeaf({ ...leaf, issuer: emptyName }))).toBe(true)
  })

  it('has a row above for every rule', () => {
    expect(new Set(rows.map(([rule]) => rule))).toEqual(
      new Set(['well-formed', ...allRules.map(({ name }) => name)]),
    )
  })

  it('has every rule once, under a name that is a file name', () => {
    const names = allRules.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.every((name) => /^[a-z]+(-[a-z]+)*$/.test(name))).toBe(true)
  })
})
