import { describe, expect, it } from 'vitest'
import { bitString, encode, raw, sequence } from '../../asn1/der-writer.js'
import { Tag } from '../../asn1/tags.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { hasCode } from '../../errors/pki-error.js'
import { createExtension, type ExtensionType } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName, emptyName, parseName, relativeDistinguishedName } from '../../x509/name.js'
import { type CsrClaims, checkCsr } from './check-csr.js'
import { createProfiles, findProfile } from './profiles.js'
import { noNames } from './requested-names.js'

const point = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))
const publicKey = parsePublicKey(
  encode(sequence(raw(keyAlgorithms['ECDSA-P256'].identifierDer), bitString(point))),
)
const profiles = createProfiles()

const asked = <T>(type: ExtensionType<T>, value: T) => createExtension(type, value, { critical: false })
const check = (claims: Partial<CsrClaims>, profile = 'serverAndClientAuth') =>
  checkCsr(findProfile(profiles, profile), {
    subject: emptyName,
    extensions: [],
    attributes: [],
    publicKey,
    ...claims,
  })

function refusal(claims: Partial<CsrClaims>, profile?: string): string {
  try {
    check(claims, profile)
    return 'ok'
  } catch (error) {
    if (hasCode(error, 'profile_refused')) return error.context.item
    if (hasCode(error, 'invalid_csr')) return `invalid_csr/${error.context.reason}`
    if (hasCode(error, 'name_refused')) return `name_refused/${error.context.rule}`
    throw error
  }
}

const attribute = (type: string) => ({ type, valuesDer: [Uint8Array.of(5, 0)] })

describe('checkCsr', () => {
  it('takes the names, and reports what else the subject claims', () => {
    const subject = createName({
      commonName: 'db.example.org',
      organization: 'Internet Widgits Pty Ltd',
      country: 'AU',
    })
    const names = asked(subjectAltName, [
      { type: 'dns', value: 'b.example.org' },
      { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) },
      { type: 'email', value: 'a@example.org' },
      { type: 'dns', value: 'a.example.org' },
      { type: 'uri', value: 'urn:a:b' },
    ])
    expect(check({ subject, extensions: [names] })).toEqual({
      commonName: 'db.example.org',
      ignored: ['C', 'O'],
      names: {
        dns: ['b.example.org', 'a.example.org'],
        ip: ['192.0.2.1'],
        email: ['a@example.org'],
        uri: ['urn:a:b'],
      },
    })
  })

  it('a CSR without subject and extensions asks for nothing', () => {
    expect(check({})).toEqual({ commonName: undefined, ignored: [], names: noNames })
  })

  it.each<[sentence: string, claims: Partial<CsrClaims>]>([
    ['CA:FALSE', { extensions: [asked(basicConstraints, { isCa: false })] }],
    [
      'usages and purposes that the profile gives',
      {
        extensions: [
          asked(keyUsage, ['digitalSignature']),
          asked(extendedKeyUsage, [keyPurposes.clientAuth]),
        ],
      },
    ],
    [
      'a subjectKeyIdentifier, as keytool writes it',
      { extensions: [asked(subjectKeyIdentifier, Uint8Array.of(1))] },
    ],
    ['a challengePassword (RFC 2985 §5.4.1)', { attributes: [attribute('1.2.840.113549.1.9.7')] }],
    ['what Windows says of the machine', { attributes: [attribute('1.3.6.1.4.1.311.13.2.3')] }],
  ])('lets pass %s', (_, claims) => {
    expect(refusal(claims)).toBe('ok')
  })

  it.each<[sentence: string, claims: Partial<CsrClaims>, expected: string]>([
    ['CA:TRUE', { extensions: [asked(basicConstraints, { isCa: true })] }, 'basicConstraints'],
    ['keyCertSign', { extensions: [asked(keyUsage, ['digitalSignature', 'keyCertSign'])] }, 'keyCertSign'],
    [
      'keyEncipherment for an EC key',
      { extensions: [asked(keyUsage, ['keyEncipherment'])] },
      'keyEncipherment',
    ],
    [
      'a purpose outside the profile',
      { extensions: [asked(extendedKeyUsage, [keyPurposes.serverAuth, keyPurposes.codeSigning])] },
      'codeSigning',
    ],
    [
      'anyExtendedKeyUsage',
      { extensions: [asked(extendedKeyUsage, [keyPurposes.anyExtendedKeyUsage])] },
      'anyExtendedKeyUsage',
    ],
    [
      'name constraints',
      {
        extensions: [
          asked(nameConstraints, {
            permitted: [],
            excluded: [{ base: { type: 'dns', value: '' }, minimum: 0 }],
          }),
        ],
      },
      'nameConstraints',
    ],
    [
      'an unknown extension',
      { extensions: [{ oid: '1.3.6.1.5.5.7.1.24', critical: false, valueDer: Uint8Array.of(5, 0) }] },
      '1.3.6.1.5.5.7.1.24',
    ],
    [
      'a user principal name',
      {
        extensions: [
          asked(subjectAltName, [
            { type: 'otherName', typeId: '1.3.6.1.4.1.311.20.2.3', valueDer: Uint8Array.of(5, 0) },
          ]),
        ],
      },
      'otherName',
    ],
    [
      'a directory name',
      {
        extensions: [
          asked(subjectAltName, [{ type: 'directoryName', name: createName({ commonName: 'x' }) }]),
        ],
      },
      'directoryName',
    ],
    [
      'extensions under the OID of Microsoft, which would be lost',
      { attributes: [attribute('1.3.6.1.4.1.311.2.1.14')] },
      'invalid_csr/attribute',
    ],
  ])('refuses %s', (_, claims, expected) => {
    expect(refusal(claims)).toBe(expected)
  })

  it('never takes OCSPSigning from a CSR, not even where the profile gives it', () => {
    expect(refusal({ extensions: [asked(extendedKeyUsage, [keyPurposes.ocspSigning])] }, 'ocspSigning')).toBe(
      'ocspSigning',
    )
  })

  it('refuses a common name that is no text', () => {
    // A BIT STRING, written as `#` and its DER, as RFC 4514 §2.4 does.
    const subject = parseName(
      encode(
        sequence(relativeDistinguishedName([{ type: '2.5.4.3', tag: Tag.bitString, value: '#03020007' }])),
      ),
    )
    expect(refusal({ subject })).toBe('name_refused/syntax')
  })

  it('passes over the request for extensions itself, and says which purposes there are', () => {
    expect(refusal({ attributes: [attribute('1.2.840.113549.1.9.14')] })).toBe('ok')
    const wish = { extensions: [asked(extendedKeyUsage, [keyPurposes.codeSigning])] }
    expect(() => check(wish)).toThrow('where the profile gives serverAuth, clientAuth')
    const device = createProfiles({
      device: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['1.3.6.1.4.1.32473.1'], nameKinds: [] },
    })
    const claims = { subject: emptyName, attributes: [], publicKey, ...wish }
    expect(() => checkCsr(findProfile(device, 'device'), claims)).toThrow('gives 1.3.6.1.4.1.32473.1')
  })

  it('refuses a second common name, of which one would be believed and the other checked', () => {
    const [good, evil] = ['good.org', 'evil.org'].map((value) =>
      relativeDistinguishedName([{ type: '2.5.4.3', tag: Tag.utf8String, value }]),
    )
    const subject = parseName(encode(sequence(good, evil)))
    expect(refusal({ subject })).toBe('name_refused/several')
  })
})
