import { describe, expect, it } from 'vitest'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import type { SignatureAlgorithm } from './algorithm-names.js'
import { keyAlgorithmNames, keyAlgorithms } from './key-algorithms.js'
import { findSignatureAlgorithm, signatureAlgorithms } from './signature-algorithms.js'

const pssSha256 = (
  hash: string,
  mgfHash: string,
  lengths: [string, string, string, string, string],
): string =>
  `30${lengths[0]}06092a864886f70d01010a30${lengths[1]}a0${lengths[2]}${hash}a1${lengths[3]}30${lengths[4]}` +
  `06092a864886f70d010108${mgfHash}a203020120`
/** Of SHA-256, all but one part as it should be; hexadecimal. */
function pss(part: { hash?: string; mgf?: string; salt?: string; trailer?: string }): string {
  const {
    hash = 'a00f300d06096086480165030402010500',
    mgf = mgf1('300d06096086480165030402010500'),
    salt = 'a203020120',
    trailer = '',
  } = part
  const content = `06092a864886f70d01010a${header(hash + mgf + salt + trailer)}`
  return header(content)
}
const mgf1 = (hash: string): string => header(header(`06092a864886f70d010108${hash}`), 'a1')
const header = (content: string, tag = '30'): string =>
  `${tag}${(content.length / 2).toString(16).padStart(2, '0')}${content}`

const sha256WithNull = '300d06096086480165030402010500'
const sha256WithoutNull = '300b0609608648016503040201'

describe('findSignatureAlgorithm', () => {
  // The PSS rows are those that CA/B BR 7.1.3.2.1 prints in hexadecimal.
  const written: [SignatureAlgorithm, string][] = [
    ['RSA-PKCS1-SHA256', '300d06092a864886f70d01010b0500'],
    ['RSA-PKCS1-SHA384', '300d06092a864886f70d01010c0500'],
    ['RSA-PKCS1-SHA512', '300d06092a864886f70d01010d0500'],
    [
      'RSA-PSS-SHA256',
      '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609608648016503' +
        '0402010500a203020120',
    ],
    [
      'RSA-PSS-SHA384',
      '304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d0609608648016503' +
        '0402020500a203020130',
    ],
    [
      'RSA-PSS-SHA512',
      '304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d0609608648016503' +
        '0402030500a203020140',
    ],
    ['ECDSA-SHA256', '300a06082a8648ce3d040302'],
    ['ECDSA-SHA384', '300a06082a8648ce3d040303'],
    ['ECDSA-SHA512', '300a06082a8648ce3d040304'],
    ['Ed25519', '300506032b6570'],
    ['Ed448', '300506032b6571'],
    ['ML-DSA-44', '300b0609608648016503040311'],
    ['ML-DSA-65', '300b0609608648016503040312'],
    ['ML-DSA-87', '300b0609608648016503040313'],
    ['SLH-DSA-SHA2-128s', '300b0609608648016503040314'],
    ['SLH-DSA-SHA2-128f', '300b0609608648016503040315'],
    ['SLH-DSA-SHA2-192s', '300b0609608648016503040316'],
    ['SLH-DSA-SHA2-192f', '300b0609608648016503040317'],
    ['SLH-DSA-SHA2-256s', '300b0609608648016503040318'],
    ['SLH-DSA-SHA2-256f', '300b0609608648016503040319'],
    ['SLH-DSA-SHAKE-128s', '300b060960864801650304031a'],
    ['SLH-DSA-SHAKE-128f', '300b060960864801650304031b'],
    ['SLH-DSA-SHAKE-192s', '300b060960864801650304031c'],
    ['SLH-DSA-SHAKE-192f', '300b060960864801650304031d'],
    ['SLH-DSA-SHAKE-256s', '300b060960864801650304031e'],
    ['SLH-DSA-SHAKE-256f', '300b060960864801650304031f'],
  ]

  it.each(written)('%s is written and read in the octets that its RFC prescribes', (name, hex) => {
    expect(hexEncode(signatureAlgorithms[name].identifierDer)).toBe(hex)
    expect(findSignatureAlgorithm(hexDecode(hex))).toMatchObject({ name })
  })

  it('has a row above for each algorithm in the table', () => {
    expect(written.map(([name]) => name).sort()).toEqual(Object.keys(signatureAlgorithms).sort())
  })

  it.each([
    ['PKCS#1 parameters may be absent (RFC 4055 §5)', 'RSA-PKCS1-SHA256', '300b06092a864886f70d01010b'],
    [
      'both hashes of PSS may have no parameters (RFC 4055 §2.1)',
      'RSA-PSS-SHA256',
      pssSha256(sha256WithoutNull, sha256WithoutNull, ['3d', '30', '0d', '1a', '18']),
    ],
    [
      'the message hash of PSS alone may have no parameters',
      'RSA-PSS-SHA256',
      pssSha256(sha256WithoutNull, sha256WithNull, ['3f', '32', '0d', '1c', '1a']),
    ],
    [
      'the MGF1 hash of PSS alone may have no parameters',
      'RSA-PSS-SHA256',
      pssSha256(sha256WithNull, sha256WithoutNull, ['3f', '32', '0f', '1a', '18']),
    ],
  ])('%s', (_, name, hex) => {
    expect(findSignatureAlgorithm(hexDecode(hex))).toMatchObject({ name })
  })

  it.each([
    [
      'SHA-1 signs nothing',
      '300d06092a864886f70d0101050500',
      'RSA with SHA-1 (1.2.840.113549.1.1.5) is not supported',
    ],
    [
      'ECDSA parameters MUST be absent (RFC 5758 §3.2)',
      '300c06082a8648ce3d0403020500',
      'ECDSA with SHA-256 (1.2.840.10045.4.3.2) is not supported with these parameters',
    ],
    [
      'Ed25519 parameters MUST be absent (RFC 8410 §3)',
      '300706032b65700500',
      'Ed25519 (1.3.101.112) is not supported with these parameters',
    ],
    [
      'PSS parameters that are empty mean SHA-1',
      '300d06092a864886f70d01010a3000',
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'a PSS salt of 20 octets is the default, and left out (X.690 §11.5)',
      pss({ salt: 'a203020114' }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'a PSS salt that fits into no modulus of 8192 bits',
      pss({ salt: 'a20402020401' }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'a PSS salt of negative length',
      pss({ salt: 'a2030201ff' }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'a PSS hash that is left out is SHA-1',
      pss({ hash: '' }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'an MGF1 hash that is written out although it is the default',
      pss({ mgf: mgf1('300906052b0e03021a0500') }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'MGF1 with SHA-224',
      pss({ mgf: mgf1('300d06096086480165030402040500') }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'a mask generation function other than MGF1',
      pss({ mgf: 'a11c301a06092a864886f70d010109300d06096086480165030402010500' }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'a trailer field other than the default',
      pss({ trailer: 'a303020102' }),
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'PSS without parameters says nothing',
      '300b06092a864886f70d01010a',
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    [
      'ML-DSA parameters MUST be absent (RFC 9881 §2)',
      '300d06096086480165030403120500',
      'ML-DSA-65 (2.16.840.1.101.3.4.3.18) is not supported with these parameters',
    ],
    [
      'SLH-DSA parameters MUST be absent (RFC 9909 §3)',
      '300d06096086480165030403150500',
      'SLH-DSA-SHA2-128f (2.16.840.1.101.3.4.3.21) is not supported with these parameters',
    ],
    [
      'HashML-DSA is not for X.509 (RFC 9881 §8.3)',
      '300b0609608648016503040320',
      '2.16.840.1.101.3.4.3.32 is not supported',
    ],
    [
      'a trailer field that has its default is not DER (X.690 §11.5)',
      '304606092a864886f70d01010a3039a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609608648016503' +
        '0402010500a203020120a303020101',
      'RSASSA-PSS (1.2.840.113549.1.1.10) is not supported with these parameters',
    ],
    ['an algorithm without a name is told by its number', '300506032a0304', '1.2.3.4 is not supported'],
  ])('refuses: %s', (_, hex, state) => {
    expect(() => findSignatureAlgorithm(hexDecode(hex))).toThrow(
      expect.objectContaining({
        code: 'unsupported_algorithm',
        message: `Cannot use signature algorithm: ${state}`,
      }),
    )
  })

  it('refuses bytes behind the AlgorithmIdentifier as DER', () => {
    expect(() => findSignatureAlgorithm(hexDecode('300506032b657000'))).toThrow(
      expect.objectContaining({ code: 'invalid_der' }),
    )
  })
})

describe('the parameters of PSS', () => {
  it.each<[string, string, object]>([
    ['the salt has any length', pss({ salt: 'a20302010a' }), { saltLength: 10 }],
    ['there may be no salt', pss({ salt: 'a203020100' }), { saltLength: 0 }],
    ['a salt that is left out has 20 octets', pss({ salt: '' }), { saltLength: 20 }],
    ['the longest salt', pss({ salt: 'a20402020400' }), { saltLength: 1024 }],
    [
      'MGF1 may have another hash than the message',
      pss({ mgf: mgf1('300d06096086480165030402030500') }),
      { maskDigest: 'SHA-512' },
    ],
    ['an MGF1 hash that is left out is SHA-1', pss({ mgf: '' }), { maskDigest: 'SHA-1' }],
  ])('%s (RFC 4055 §3.1)', (_, hex, parameters) => {
    expect(findSignatureAlgorithm(hexDecode(hex))).toEqual({
      name: 'RSA-PSS-SHA256',
      family: 'RSA',
      padding: 'pss',
      digest: 'SHA-256',
      maskDigest: 'SHA-256',
      saltLength: 32,
      ...parameters,
    })
  })
})

describe('keyAlgorithms', () => {
  it.each(keyAlgorithmNames)('%s signs by default with the first that it may sign with', (name) => {
    const { defaultSignatureAlgorithm, signatureAlgorithms: allowed } = keyAlgorithms[name]
    expect(allowed[0]).toBe(defaultSignatureAlgorithm)
  })
})
