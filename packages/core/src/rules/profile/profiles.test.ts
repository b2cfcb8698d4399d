import { describe, expect, it } from 'vitest'
import { hasCode } from '../../errors/pki-error.js'
import { delegatesAuthority, isDelegatedPurpose, type ProfileDefinition } from './profile.js'
import { createProfiles, defaultProfileName, findProfile } from './profiles.js'

const minimal: ProfileDefinition = {
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['clientAuth', '1.3.6.1.4.1.32473.1'],
  nameKinds: ['uri'],
}

/** Each issue as `path message`. */
function issuesOf(definition: object): string[] {
  try {
    createProfiles({ device: definition as ProfileDefinition })
    return []
  } catch (error) {
    if (hasCode(error, 'invalid_request'))
      return error.context.issues.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
}

describe('createProfiles', () => {
  it('fills in what a definition leaves open, and names purposes by OID', () => {
    const device = findProfile(createProfiles({ device: minimal }), 'device')
    expect(device).not.toHaveProperty('crlTimes')
    expect(device).toMatchObject({
      name: 'device',
      keyUsage: {
        RSA: ['digitalSignature'],
        'RSA-PSS': ['digitalSignature'],
        ECDSA: ['digitalSignature'],
        EdDSA: ['digitalSignature'],
        'ML-DSA': ['digitalSignature'],
        'SLH-DSA': ['digitalSignature'],
      },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.32473.1'],
      defaultValidityDays: 365,
      maximumValidityDays: 397,
      extendedKeyUsageCritical: false,
      requiredNameKinds: [],
      wildcards: false,
      qualifiedNamesOnly: false,
      nameRules: {},
      subject: {},
      certificatePolicies: [],
      ocspNoCheck: false,
      noRevocation: false,
      suspension: true,
    })
  })

  it('keeps what a definition says, each purpose and policy once', () => {
    const definition: ProfileDefinition = {
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth', '1.3.6.1.5.5.7.3.1'],
      extendedKeyUsageCritical: true,
      keyAlgorithms: ['Ed25519'],
      defaultValidityDays: 1,
      maximumValidityDays: 7,
      nameKinds: ['dns', 'ip', 'email', 'uri'],
      requiredNameKinds: ['dns'],
      wildcards: true,
      qualifiedNamesOnly: true,
      nameRules: {
        permit: {
          dns: ['*.example.org', 'example.org'],
          email: ['example.org', '*.example.org', 'a@example.org'],
          uri: ['example.org', '*.example.org', '192.0.2.1'],
          ip: ['10.0.0.0/8', '192.0.2.1'],
        },
      },
      subject: { country: 'DE', organization: 'Example' },
      certificatePolicies: ['1.3.6.1.4.1.32473.7', '1.3.6.1.4.1.32473.7'],
      ocspNoCheck: true,
      noRevocation: true,
      suspension: false,
      crlTimes: { validityDays: 10, intervalDays: 7 },
    }
    expect(findProfile(createProfiles({ device: definition }), 'device')).toMatchObject({
      ...definition,
      keyUsage: { RSA: ['digitalSignature'] },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      certificatePolicies: ['1.3.6.1.4.1.32473.7'],
    })
  })

  it.each<[sentence: string, change: object, issue: string | RegExp]>([
    ['an unknown field', { keyUsages: [] }, 'profiles.device has unknown fields: "keyUsages"'],
    ['a missing field', { nameKinds: undefined }, 'profiles.device.nameKinds is missing'],
    ['a wrong type', { wildcards: 'yes' }, 'profiles.device.wildcards must be of type boolean'],
    [
      'an unknown kind of name',
      { nameKinds: ['uri', 'upn'] },
      'profiles.device.nameKinds[1] must be one of dns, ip, email, uri',
    ],
    ['keyCertSign', { keyUsage: ['keyCertSign'] }, /^profiles\.device\.keyUsage/],
    ['no purpose', { extendedKeyUsage: [] }, 'profiles.device.extendedKeyUsage must have at least 1 entries'],
    [
      'a misspelt purpose',
      { extendedKeyUsage: ['serverauth'] },
      /^profiles\.device\.extendedKeyUsage\[0\] must be a key purpose/,
    ],
    [
      'anyExtendedKeyUsage by OID',
      { extendedKeyUsage: ['2.5.29.37.0'] },
      'profiles.device.extendedKeyUsage[0] must not be anyExtendedKeyUsage',
    ],
    [
      'a purpose that only Object.prototype has',
      { extendedKeyUsage: ['constructor'] },
      /extendedKeyUsage\[0\] must be a key purpose/,
    ],
    ['398 days', { defaultValidityDays: 398 }, 'profiles.device.defaultValidityDays must be at most 397'],
    [
      'a default above the maximum',
      { defaultValidityDays: 31, maximumValidityDays: 30 },
      'profiles.device.defaultValidityDays must not be above maximumValidityDays',
    ],
    [
      'a calendar out of order',
      {
        maximumValidityDays: [
          { from: '2027-01-01', days: 2 },
          { from: '2026-01-01', days: 1 },
        ],
      },
      /^profiles\.device\.maximumValidityDays/,
    ],
    [
      'a calendar with a day twice',
      {
        maximumValidityDays: [
          { from: '2026-01-01', days: 2 },
          { from: '2026-01-01', days: 1 },
        ],
      },
      /^profiles\.device\.maximumValidityDays/,
    ],
    ['an empty calendar', { maximumValidityDays: [] }, /^profiles\.device\.maximumValidityDays/],
    [
      'eight days without revocation',
      { noRevocation: true, maximumValidityDays: 8 },
      'profiles.device.maximumValidityDays must be at most 7 where there is no revocation',
    ],
    [
      'a calendar with more days without revocation at its end',
      {
        noRevocation: true,
        maximumValidityDays: [
          { from: '2026-01-01', days: 7 },
          { from: '2027-01-01', days: 8 },
        ],
      },
      'profiles.device.maximumValidityDays must be at most 7 where there is no revocation',
    ],
    [
      'a year without revocation, which is what it says nothing of',
      { noRevocation: true },
      'profiles.device.maximumValidityDays must be at most 7 where there is no revocation',
    ],
    [
      'a pattern of two stars',
      { nameRules: { permit: { dns: ['*.*.example.org'] } } },
      /^profiles\.device\.nameRules\.permit\.dns\[0\] must be a DNS name/,
    ],
    [
      'a URI in the place of its host',
      { nameRules: { permit: { uri: ['https://example.org'] } } },
      /^profiles\.device\.nameRules\.permit\.uri\[0\] must be a host/,
    ],
    [
      'a mailbox without a host',
      { nameRules: { permit: { email: ['a@'] } } },
      /^profiles\.device\.nameRules\.permit\.email\[0\] must be a mailbox/,
    ],
    [
      'a required kind that is not allowed',
      { requiredNameKinds: ['dns'] },
      'profiles.device.requiredNameKinds must be among nameKinds',
    ],
    [
      'a country of three letters',
      { subject: { country: 'DEU' } },
      /^profiles\.device\.subject must have values/,
    ],
    [
      'a common name for all',
      { subject: { commonName: 'x' } },
      'profiles.device.subject has unknown fields: "commonName"',
    ],
    [
      'a policy that is no OID',
      { certificatePolicies: ['domain-validated'] },
      /^profiles\.device\.certificatePolicies\[0\] must be an object identifier/,
    ],
    [
      'a range with bits behind its prefix',
      { nameRules: { deny: { ip: ['10.0.0.1/8'] } } },
      /^profiles\.device\.nameRules\.deny\.ip\[0\] must be like/,
    ],
    [
      'a pattern with a star inside',
      { nameRules: { permit: { dns: ['a.*.org'] } } },
      /^profiles\.device\.nameRules\.permit\.dns\[0\] must be a DNS name/,
    ],
  ])('refuses %s', (_, change, issue) => {
    const matches = (text: string): boolean => (typeof issue === 'string' ? text === issue : issue.test(text))
    expect(issuesOf({ ...minimal, ...change }).filter(matches)).toHaveLength(1)
  })

  it.each(['serverAuth', 'caCertificate'])('refuses %s, a name that is ours', (name) => {
    expect(() => createProfiles({ [name]: minimal })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        context: {
          issues: [
            { path: `profiles.${name}`, message: 'has the name of a built-in profile; choose another' },
          ],
        },
      }),
    )
  })

  it.each<[sentence: string, change: object]>([
    [
      'a calendar in order',
      {
        maximumValidityDays: [
          { from: '2026-01-01', days: 2 },
          { from: '2027-01-01', days: 1 },
        ],
      },
    ],
    ['a default that is the maximum', { defaultValidityDays: 30, maximumValidityDays: 30 }],
    [
      'a default beside a calendar',
      { defaultValidityDays: 30, maximumValidityDays: [{ from: '2026-01-01', days: 2 }] },
    ],
    [
      'a calendar of a week without revocation',
      { noRevocation: true, maximumValidityDays: [{ from: '2026-01-01', days: 7 }] },
    ],
    [
      'usages for each family of keys',
      {
        keyUsage: {
          RSA: ['keyEncipherment'],
          'RSA-PSS': ['digitalSignature'],
          ECDSA: ['keyAgreement'],
          EdDSA: ['digitalSignature'],
          'ML-DSA': ['digitalSignature'],
          'SLH-DSA': ['digitalSignature'],
        },
      },
    ],
  ])('takes %s', (_, change) => {
    expect(issuesOf({ ...minimal, ...change })).toEqual([])
  })
})

describe('findProfile', () => {
  it('shows no more of a name than a name has', () => {
    expect(() => findProfile(createProfiles(), 'x'.repeat(1000))).toThrow(
      expect.objectContaining({
        code: 'unknown_profile',
        context: { profile: 'x'.repeat(80), known: [...createProfiles().keys()].sort() },
        message: expect.stringMatching(/^.{0,300}$/) as string,
      }),
    )
  })

  it('has the default profile, and says what there is instead of an unknown one', () => {
    expect(findProfile(createProfiles(), defaultProfileName).name).toBe(defaultProfileName)
    expect(() => findProfile(createProfiles(), 'toString')).toThrow(
      'there is no "toString"; use one of clientAuth, codeSigning, emailProtection, ocspSigning, publicServerAuth, serverAndClientAuth, serverAuth',
    )
  })
})

it('delegatesAuthority tells profiles whose holders speak for the CA', () => {
  const delegating = [...createProfiles().values()].filter(delegatesAuthority).map(({ name }) => name)
  expect(delegating).toEqual(['ocspSigning'])
  const both = createProfiles({ stamps: { ...minimal, extendedKeyUsage: ['clientAuth', 'timeStamping'] } })
  expect(delegatesAuthority(findProfile(both, 'stamps'))).toBe(true)
  expect(isDelegatedPurpose('2.5.29.37.0')).toBe(true)
})
