import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tag } from '../asn1/tags.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { isPkiError } from '../errors/pki-error.js'
import type { ExtensionType } from './extension.js'
import { archiveCutoff } from './extensions/archive-cutoff.js'
import { authorityInfoAccess } from './extensions/authority-info-access.js'
import { authorityKeyIdentifier } from './extensions/authority-key-identifier.js'
import { basicConstraints } from './extensions/basic-constraints.js'
import { certificateIssuer } from './extensions/certificate-issuer.js'
import { certificatePolicies } from './extensions/certificate-policies.js'
import { cRLDistributionPoints } from './extensions/crl-distribution-points.js'
import { cRLNumber } from './extensions/crl-number.js'
import { deltaCRLIndicator } from './extensions/delta-crl-indicator.js'
import { extendedKeyUsage } from './extensions/extended-key-usage.js'
import { freshestCRL } from './extensions/freshest-crl.js'
import { inhibitAnyPolicy } from './extensions/inhibit-any-policy.js'
import { invalidityDate } from './extensions/invalidity-date.js'
import { issuerAltName } from './extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from './extensions/issuing-distribution-point.js'
import { keyUsage, keyUsages } from './extensions/key-usage.js'
import { nameConstraints } from './extensions/name-constraints.js'
import { noRevAvail } from './extensions/no-rev-avail.js'
import { ocspNoCheck } from './extensions/ocsp-no-check.js'
import { ocspNonce } from './extensions/ocsp-nonce.js'
import { policyConstraints } from './extensions/policy-constraints.js'
import { policyMappings } from './extensions/policy-mappings.js'
import { reasonCode } from './extensions/reason-code.js'
import { subjectAltName } from './extensions/subject-alt-name.js'
import { subjectInfoAccess } from './extensions/subject-info-access.js'
import { subjectKeyIdentifier } from './extensions/subject-key-identifier.js'
import { knownExtensions } from './known-extensions.js'
import { createName } from './name.js'
import { parseSerialNumber } from './serial-number.js'

const somebody = createName({ commonName: 'Somebody' })
const uri = (value: string): { readonly type: 'uri'; readonly value: string } => ({ type: 'uri', value })

interface Row {
  type: ExtensionType<unknown>
  hex: string
  value: unknown
}

/** Pairs the type with its value, so that a row whose value is of another type does not compile. */
const row = <T>(type: ExtensionType<T>, hex: string, value: T): Row => ({ type, hex, value })

/** The longer encodings were made by OpenSSL 3.0 from its configuration language. */
const rows: readonly Row[] = [
  row(basicConstraints, '30060101ff020103', { isCa: true, pathLength: 3 }),
  row(basicConstraints, '30030101ff', { isCa: true }),
  row(basicConstraints, '3000', { isCa: false }),
  row(keyUsage, '0303070680', ['keyCertSign', 'cRLSign', 'decipherOnly']),
  row(keyUsage, '03020780', ['digitalSignature']),
  row(extendedKeyUsage, '301406082b0601050507030106082b06010505070309', [
    '1.3.6.1.5.5.7.3.1',
    '1.3.6.1.5.5.7.3.9',
  ]),
  row(
    subjectAltName,
    '3076820b6578616d706c652e6f7267810d61406578616d706c652e6f7267861468747470733a2f2f6578616d706c652e6f72672f8704c0' +
      '000201871020010db800000000000000000000000188032a0304a41530133111300f06035504030c08536f6d65626f6479a00e06032a03' +
      '04a0070c0568656c6c6f',
    [
      { type: 'dns', value: 'example.org' },
      { type: 'email', value: 'a@example.org' },
      uri('https://example.org/'),
      { type: 'ip', address: hexDecode('c0000201') },
      { type: 'ip', address: hexDecode('20010db8000000000000000000000001') },
      { type: 'registeredId', oid: '1.2.3.4' },
      { type: 'directoryName', name: somebody },
      { type: 'otherName', typeId: '1.2.3.4', valueDer: hexDecode('0c0568656c6c6f') },
    ],
  ),
  row(issuerAltName, '3010820e63612e6578616d706c652e6f7267', [{ type: 'dns', value: 'ca.example.org' }]),
  row(
    nameConstraints,
    '302fa01b300d820b6578616d706c652e6f7267300a87080a000000ff000000a110300e810c2e6578616d706c652e6f7267',
    {
      permitted: [
        { base: { type: 'dns', value: 'example.org' }, minimum: 0 },
        { base: { type: 'ip', address: hexDecode('0a000000ff000000') }, minimum: 0 },
      ],
      excluded: [{ base: { type: 'email', value: '.example.org' }, minimum: 0 }],
    },
  ),
  row(nameConstraints, '300ca10a30088200800101810102', {
    permitted: [],
    excluded: [{ base: { type: 'dns', value: '' }, minimum: 1, maximum: 2 }],
  }),
  row(
    certificatePolicies,
    '306a300b06092b06010401868d1f01305b0604551d20003053302206082b060105050702011616687474703a2f2f6578616d706c652e6f' +
      '72672f637073302d06082b06010505070202302130111a074578616d706c6530060201010201020c0c5472757374206e6f626f6479',
    [
      { policyIdentifier: '1.3.6.1.4.1.99999.1', qualifiers: [] },
      {
        policyIdentifier: '2.5.29.32.0',
        qualifiers: [
          { type: 'cPS', uri: 'http://example.org/cps' },
          {
            type: 'userNotice',
            noticeRef: { organization: { tag: Tag.visibleString, value: 'Example' }, noticeNumbers: [1, 2] },
            explicitText: { tag: Tag.utf8String, value: 'Trust nobody' },
          },
        ],
      },
    ],
  ),
  row(certificatePolicies, '3012301006032a03043009300706032a03050500', [
    {
      policyIdentifier: '1.2.3.4',
      qualifiers: [{ type: 'unknown', qualifierId: '1.2.3.5', der: hexDecode('0500') }],
    },
  ]),
  row(policyMappings, '300c300a06032a030406032a0305', [
    { issuerDomainPolicy: '1.2.3.4', subjectDomainPolicy: '1.2.3.5' },
  ]),
  row(policyConstraints, '3006800100810102', { requireExplicitPolicy: 0, inhibitPolicyMapping: 2 }),
  row(policyConstraints, '3003810102', { inhibitPolicyMapping: 2 }),
  row(inhibitAnyPolicy, '020104', 4),
  row(subjectKeyIdentifier, '04050102030405', hexDecode('0102030405')),
  row(
    authorityKeyIdentifier,
    '303680050102030405a117a41530133111300f06035504030c08536f6d65626f6479821434de6209e9d38dd35847bae40cdf7a842b083df8',
    {
      keyIdentifier: hexDecode('0102030405'),
      authorityCertIssuer: [{ type: 'directoryName', name: somebody }],
      authorityCertSerialNumber: parseSerialNumber('34de6209e9d38dd35847bae40cdf7a842b083df8'),
    },
  ),
  row(authorityKeyIdentifier, '300780050102030405', { keyIdentifier: hexDecode('0102030405') }),
  row(
    cRLDistributionPoints,
    '30593040a021a01f861d687474703a2f2f63726c2e6578616d706c652e6f72672f63612e63726c81020560a217a41530133111300f0603' +
      '5504030c08536f6d65626f64793015a013a111300f06035504030c08536f6d65626f6479',
    [
      {
        distributionPoint: { type: 'fullName', names: [uri('http://crl.example.org/ca.crl')] },
        reasons: ['keyCompromise', 'caCompromise'],
        crlIssuer: [{ type: 'directoryName', name: somebody }],
      },
      {
        distributionPoint: {
          type: 'nameRelativeToCrlIssuer',
          rdn: [{ type: '2.5.4.3', tag: Tag.utf8String, value: 'Somebody' }],
        },
      },
    ],
  ),
  row(freshestCRL, '30283026a024a0228620687474703a2f2f63726c2e6578616d706c652e6f72672f64656c74612e63726c', [
    { distributionPoint: { type: 'fullName', names: [uri('http://crl.example.org/delta.crl')] } },
  ]),
  row(
    authorityInfoAccess,
    '3050302406082b060105050730018618687474703a2f2f6f6373702e6578616d706c652e6f72672f302806082b06010505073002861c68' +
      '7474703a2f2f63612e6578616d706c652e6f72672f63612e646572',
    [
      { accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri('http://ocsp.example.org/') },
      { accessMethod: '1.3.6.1.5.5.7.48.2', accessLocation: uri('http://ca.example.org/ca.der') },
    ],
  ),
  row(
    subjectInfoAccess,
    '3028302606082b06010505073005861a687474703a2f2f63612e6578616d706c652e6f72672f7265706f',
    [{ accessMethod: '1.3.6.1.5.5.7.48.5', accessLocation: uri('http://ca.example.org/repo') }],
  ),
  row(cRLNumber, '020100', 0n),
  row(cRLNumber, '02020080', 128n),
  row(cRLNumber, `02147f${'ff'.repeat(19)}`, 2n ** 159n - 1n),
  row(deltaCRLIndicator, '02020100', 256n),
  row(
    issuingDistributionPoint,
    '302ea021a01f861d687474703a2f2f63726c2e6578616d706c652e6f72672f63612e63726c8201ff83030740808401ff',
    {
      distributionPoint: { type: 'fullName', names: [uri('http://crl.example.org/ca.crl')] },
      onlyContainsUserCerts: false,
      onlyContainsCACerts: true,
      onlyContainsAttributeCerts: false,
      onlySomeReasons: ['keyCompromise', 'aACompromise'],
      indirectCRL: true,
    },
  ),
  row(reasonCode, '0a0101', 'keyCompromise'),
  row(reasonCode, '0a010a', 'aACompromise'),
  row(invalidityDate, '180f32303234303232393132303030305a', new Date('2024-02-29T12:00:00Z')),
  row(certificateIssuer, '3017a41530133111300f06035504030c08536f6d65626f6479', [
    { type: 'directoryName', name: somebody },
  ]),
  row(ocspNonce, '0402beef', hexDecode('beef')),
  row(ocspNoCheck, '0500', true),
  row(noRevAvail, '0500', true),
  row(archiveCutoff, '180f32303234303232393132303030305a', new Date('2024-02-29T12:00:00Z')),
]

describe('each extension', () => {
  it.each(rows)('$type.name $hex is read and written back', ({ type, hex, value }) => {
    expect(type.decode(hexDecode(hex))).toEqual(value)
    expect(hexEncode(type.encode(value))).toBe(hex)
  })

  it('has a row above', () => {
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(knownExtensions.values()))
  })
})

describe('read, though nothing conforming writes it', () => {
  it.each<[ExtensionType<unknown>, string, string, unknown]>([
    [basicConstraints, 'cA FALSE, encoded (X.690 §11.5)', '3003010100', { isCa: false }],
    [
      basicConstraints,
      'a pathLenConstraint without cA (§4.2.1.9)',
      '3003020100',
      { isCa: false, pathLength: 0 },
    ],
    [keyUsage, 'a zero bit at the end (X.690 §11.2.2)', '03020080', ['digitalSignature']],
    [authorityInfoAccess, 'an empty list (§4.2.2.1)', '3000', []],
    [subjectInfoAccess, 'an empty list (§4.2.2.2)', '3000', []],
  ])('$name: %s', (type, _, hex, value) => {
    expect(type.decode(hexDecode(hex))).toEqual(value)
  })
})

/** decode(encode(value)) is the value. */
const law = <T>(type: ExtensionType<T>, values: fc.Arbitrary<T>): void =>
  it(`of ${type.name}`, () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(type.decode(type.encode(value))).toEqual(value)
      }),
    )
  })

describe('laws: what is encoded is decoded as the same value', () => {
  const count = fc.nat(2 ** 31 - 1)
  const oid = fc.array(fc.nat(99_999), { minLength: 1, maxLength: 6 }).map((arcs) => `1.3.${arcs.join('.')}`)
  const time = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })

  law(
    basicConstraints,
    fc.oneof(fc.constant({ isCa: false }), fc.record({ isCa: fc.constant(true), pathLength: count })),
  )
  law(keyUsage, fc.subarray([...keyUsages], { minLength: 1 }))
  law(extendedKeyUsage, fc.array(oid, { minLength: 1, maxLength: 8 }))
  law(
    policyConstraints,
    fc.record({ requireExplicitPolicy: count, inhibitPolicyMapping: fc.option(count, { nil: undefined }) }),
  )
  law(inhibitAnyPolicy, count)
  law(cRLNumber, fc.bigInt({ min: 0n, max: 2n ** 159n - 1n }))
  law(subjectKeyIdentifier, fc.uint8Array({ maxLength: 64 }))
  law(ocspNonce, fc.uint8Array({ minLength: 1, maxLength: 128 }))
  law(
    invalidityDate,
    time.map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
  )
})

function outcomeOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}

it('whatever the bytes, each extension refuses them with a code or reads a value', () => {
  const types = [...knownExtensions.values()]
  const flipped = fc.tuple(fc.nat(rows.length - 1), fc.nat(), fc.nat(255)).map(([index, at, octet]) => {
    const { type, hex } = rows[index] as Row
    const valueDer = hexDecode(hex)
    valueDer[at % valueDer.length] = octet
    return { type, valueDer }
  })
  const anything = fc.record({ type: fc.constantFrom(...types), valueDer: fc.uint8Array({ maxLength: 64 }) })
  fc.assert(
    fc.property(fc.oneof(flipped, anything), ({ type, valueDer }) => {
      const outcome = outcomeOf(() => type.encode(type.decode(valueDer)))
      expect(outcome instanceof Uint8Array || isPkiError(outcome)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
