import {
  accessMethods,
  authorityInfoAccess,
  basicConstraints,
  certificatePolicies,
  cRLDistributionPoints,
  createAuthority,
  type Extension,
  extendedKeyUsage,
  type ExtensionType,
  findExtension,
  isPkiError,
  type IssueRequest,
  keyPurposes,
  keyUsage,
  noRevAvail,
  ocspNoCheck,
  parseCertificate,
  type ProfileDefinition,
  subjectAltName,
} from '@certwright/core'
import { recordCalls } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { parseTbsCertificate } from '../../packages/core/src/x509/certificate.js'
import { asHost, movableClock, newCsr, newRoot, newSetting, cheapCustody } from './setting.js'
import { memoryStorage } from '@certwright/memory'

const { serverAuth, clientAuth, codeSigning, emailProtection, ocspSigning } = keyPurposes

async function issuedWith(request: Omit<IssueRequest, 'caId'>, profiles?: Record<string, ProfileDefinition>) {
  const { authority } = newSetting({ ...(profiles && { profiles }) })
  const root = await newRoot(authority)
  const { certificate } = await authority.issue({ caId: root.id, ...request }, asHost)
  const { extensions, ...parsed } = parseCertificate(certificate.certificateDer)
  const of = <T>(type: ExtensionType<T>): T | undefined => findExtension(extensions, type)
  const isCritical = (type: ExtensionType<unknown>) =>
    extensions.find(({ oid }) => oid === type.oid)?.critical
  return { certificate, parsed, of, isCritical }
}

interface Row {
  readonly profile: string
  readonly request: Omit<IssueRequest, 'caId'>
  readonly purposes: readonly string[]
  readonly usage: readonly string[]
  readonly noCheck?: boolean
  readonly policies?: readonly string[]
  /** Days of validity where the request names none. */
  readonly days: number
}

const rows: readonly Row[] = [
  {
    profile: 'serverAuth',
    request: { commonName: 'db.example.org', sanIp: ['192.0.2.1'] },
    purposes: [serverAuth],
    usage: ['digitalSignature'],
    days: 365,
  },
  {
    profile: 'serverAuth',
    request: { commonName: 'db.example.org', keyAlgorithm: 'RSA-2048' },
    purposes: [serverAuth],
    usage: ['digitalSignature', 'keyEncipherment'],
    days: 365,
  },
  {
    profile: 'clientAuth',
    request: { commonName: 'Ada' },
    purposes: [clientAuth],
    usage: ['digitalSignature'],
    days: 365,
  },
  {
    profile: 'serverAndClientAuth',
    request: { commonName: '*.example.org' },
    purposes: [serverAuth, clientAuth],
    usage: ['digitalSignature'],
    days: 365,
  },
  {
    profile: 'shortLived',
    request: { commonName: 'db.example.org' },
    purposes: [serverAuth, clientAuth],
    usage: ['digitalSignature'],
    days: 7,
  },
  {
    profile: 'codeSigning',
    request: { commonName: 'Build' },
    purposes: [codeSigning],
    usage: ['digitalSignature'],
    days: 365,
  },
  {
    profile: 'emailProtection',
    request: { commonName: 'Ada', sanEmail: ['ada@example.org'] },
    purposes: [emailProtection],
    usage: ['digitalSignature', 'keyAgreement'],
    days: 365,
  },
  {
    profile: 'ocspSigning',
    request: { commonName: 'Responder' },
    purposes: [ocspSigning],
    usage: ['digitalSignature'],
    noCheck: true,
    days: 90,
  },
  {
    profile: 'publicServerAuth',
    request: { commonName: 'www.example.org' },
    purposes: [serverAuth],
    usage: ['digitalSignature'],
    policies: ['2.23.140.1.2.1'],
    // 1 March 2026 lies before the first step of the calendar, which cuts nothing yet.
    days: 365,
  },
]

describe('a certificate of profile', () => {
  it.each(rows)('$profile ($request.commonName) says what the profile decides', async (row) => {
    const { certificate, parsed, of, isCritical } = await issuedWith({ ...row.request, profile: row.profile })
    expect(of(extendedKeyUsage)).toEqual(row.purposes)
    expect(new Set(of(keyUsage))).toEqual(new Set(row.usage))
    expect(isCritical(keyUsage)).toBe(true) // RFC 5280 §4.2.1.3
    expect(of(basicConstraints)).toEqual({ isCa: false, pathLength: undefined })
    expect(of(ocspNoCheck)).toBe(row.noCheck)
    expect(of(certificatePolicies)?.map(({ policyIdentifier }) => policyIdentifier)).toEqual(row.policies)
    const seconds = (parsed.notAfter.getTime() - parsed.notBefore.getTime()) / 1000
    expect(seconds).toBe(row.days * 86_400 - 1) // notAfter is inclusive (§4.1.2.5)
    expect(certificate.profile).toBe(row.profile)
  })

  it('serverAuth names a host in subjectAltName, where RFC 9525 §2 looks for it', async () => {
    const { of } = await issuedWith({
      commonName: 'db.example.org',
      sanIp: ['2001:db8::1'],
      profile: 'serverAuth',
    })
    expect(of(subjectAltName)?.map(({ type }) => type)).toEqual(['dns', 'ip'])
  })

  it('shortLived has no status, and says so to whoever would ask (RFC 9608 §3)', async () => {
    const { authority } = newSetting({ distribution: { baseUrl: 'http://pki.example.org' } })
    const root = await newRoot(authority)
    const issue = async (profile: string) => {
      const request = { caId: root.id, commonName: 'db.example.org', profile }
      const { extensions } = parseCertificate(
        (await authority.issue(request, asHost)).certificate.certificateDer,
      )
      const services = findExtension(extensions, authorityInfoAccess)?.map(({ accessMethod }) => accessMethod)
      const isSilent = findExtension(extensions, noRevAvail)
      return { isSilent, points: findExtension(extensions, cRLDistributionPoints)?.length, services }
    }
    const { ocsp, caIssuers } = accessMethods
    expect(await issue('shortLived')).toEqual({ isSilent: true, services: [caIssuers] })
    expect(await issue('serverAuth')).toEqual({ points: 1, services: [ocsp, caIssuers] })
  })

  it('of the host’s own says what the host has written', async () => {
    const device: ProfileDefinition = {
      keyUsage: ['digitalSignature', 'keyAgreement'],
      extendedKeyUsage: ['clientAuth', '1.3.6.1.4.1.32473.1'],
      extendedKeyUsageCritical: true,
      nameKinds: ['dns'],
      nameRules: { permit: { dns: ['*.devices.example.org'] } },
      subject: { organization: 'Example' },
      defaultValidityDays: 7,
      maximumValidityDays: 14,
    }
    const { parsed, of, isCritical } = await issuedWith(
      { commonName: 'a.devices.example.org', profile: 'device' },
      { device },
    )
    expect(of(extendedKeyUsage)).toEqual([clientAuth, '1.3.6.1.4.1.32473.1'])
    expect(isCritical(extendedKeyUsage)).toBe(true)
    expect(parsed.subject.rdns).toHaveLength(2)
    const refusedFor = (request: Omit<IssueRequest, 'caId'>) =>
      issuedWith({ ...request, profile: 'device' }, { device })
    await expect(refusedFor({ commonName: 'db.example.org' })).rejects.toMatchObject({ code: 'name_refused' })
    const tooLong = { commonName: 'a.devices.example.org', validityDays: 15 }
    await expect(refusedFor(tooLong)).rejects.toMatchObject({
      code: 'validity_refused',
      context: { maximumDays: 14 },
    })
  })
})

describe('an authority is not created with', () => {
  const profile: ProfileDefinition = {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['clientAuth'],
    nameKinds: [],
  }
  const ports = { storage: memoryStorage(), custody: cheapCustody() }
  it.each<[string, Record<string, unknown>, string]>([
    ['a misspelt field', { x: { ...profile, nameKind: ['dns'] } }, 'invalid_request'],
    ['a key usage that only a CA has', { x: { ...profile, keyUsage: ['keyCertSign'] } }, 'invalid_request'],
    [
      'anyExtendedKeyUsage',
      { x: { ...profile, extendedKeyUsage: ['anyExtendedKeyUsage'] } },
      'invalid_request',
    ],
    ['no purpose at all', { x: { ...profile, extendedKeyUsage: [] } }, 'invalid_request'],
    [
      'more days than any profile may have',
      { x: { ...profile, maximumValidityDays: 398 } },
      'invalid_request',
    ],
    [
      'more days than a certificate without revocation may have',
      { x: { ...profile, noRevocation: true, maximumValidityDays: 8 } },
      'invalid_request',
    ],
    ['another meaning for a built-in name', { serverAuth: profile }, 'invalid_request'],
  ])('%s in a profile', (_, profiles, code) => {
    expect(() => createAuthority({ ...ports, profiles: profiles as never })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('a default profile that does not exist', () => {
    expect(() => createAuthority({ ...ports, defaultProfile: 'x' })).toThrow(
      expect.objectContaining({ code: 'unknown_profile' }),
    )
  })

  it.each([[3599], [31_536_001], [86_400.5], [Number.NaN]])(
    'a CRL that lives for %d seconds',
    (validitySeconds) => {
      expect(() => createAuthority({ ...ports, crl: { validitySeconds } })).toThrow(RangeError)
    },
  )

  it.each([['https://pki.example.org'], ['http://'], ['http://a b'], ['http://a/?x'], ['ftp://a']])(
    'a distribution URL like %s (RFC 5280 §8)',
    (baseUrl) => {
      expect(() => createAuthority({ ...ports, distribution: { baseUrl } })).toThrow(TypeError)
    },
  )
})

const plainExtension = (extension: Extension) => ({ ...extension, valueDer: [...extension.valueDer] })

const answerTo = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'ok',
    (error: unknown) =>
      isPkiError(error) ? { code: error.code, message: error.message, context: error.context } : error,
  )

describe('a plan', () => {
  it('leaves store and keys untouched', async () => {
    const storage = memoryStorage()
    const custody = cheapCustody()
    const clock = movableClock()
    const root = await newRoot(createAuthority({ storage, custody, clock }))
    const { calls, ports } = recordCalls({ storage, custody })
    const authority = createAuthority({ ...ports, clock })
    await authority.plan({ caId: root.id, commonName: 'db.example.org' }, asHost)
    expect(calls.filter((name) => !name.startsWith('find'))).toEqual([])
  })

  it('has the bytes that an issuance signs, but for the serial number, and in managed mode the key', async () => {
    const { authority } = newSetting({ distribution: { baseUrl: 'http://pki.example.org/' } })
    const root = await newRoot(authority)
    const csrPem = await newCsr({ commonName: 'db.example.org' })
    for (const request of [
      { caId: root.id, mode: 'csr', csrPem } as const,
      { caId: root.id, commonName: 'db.example.org', sanIp: ['192.0.2.1'], keyAlgorithm: 'Ed25519' } as const,
    ]) {
      const plan = await authority.plan(request, asHost)
      const { certificate } = await authority.issue(request, asHost)
      const planned = parseTbsCertificate(plan.tbsDer)
      const issued = parseCertificate(certificate.certificateDer)
      const isManaged = !('csrPem' in request)
      const comparable = ({ extensions, subject, issuer, spkiDer, notBefore, notAfter }: typeof planned) => ({
        // The key's own identifier follows from the key.
        extensions: extensions.filter(({ oid }) => !isManaged || oid !== '2.5.29.14').map(plainExtension),
        subject: [...subject.der],
        issuer: [...issuer.der],
        spki: isManaged ? spkiDer.length : [...spkiDer],
        notBefore,
        notAfter,
      })
      expect(comparable(planned)).toEqual(comparable(issued))
      expect(plan.tbsDer).toHaveLength(issued.tbsDer.length)
      expect(planned.serialNumber).toBe(plan.serialNumber)
      expect(issued.serialNumber).not.toBe(plan.serialNumber)
      expect(plan).toMatchObject({
        commonName: 'db.example.org',
        permission: { rule: 'operator', allowed: true },
      })
    }
  })

  it('refuses what an issuance refuses, with the same error', async () => {
    const { authority, clock } = newSetting()
    const root = await newRoot(authority, {
      validityDays: 30,
      nameConstraints: { permitted: { dns: ['example.org'] } },
    })
    const narrow = await authority.createIntermediate(
      { parentCaId: root.id, name: 'Narrow', keyAlgorithm: 'Ed25519', extendedKeyUsage: ['clientAuth'] },
      asHost,
    )
    const revoked = await newRoot(authority, { name: 'Revoked' })
    await authority.revokeCa({ caId: revoked.id }, asHost)
    const caId = root.id
    const requests: readonly (IssueRequest | object)[] = [
      { caId, commonName: 'x', sanDNS: [] },
      { caId },
      { caId, commonName: 'db.example.com' },
      { caId, commonName: 'a..example.org' },
      { caId, commonName: 'db.example.org', validityDays: 31 },
      { caId, commonName: 'db.example.org', profile: 'x' },
      { caId: revoked.id, commonName: 'db.example.org' },
      { caId: narrow.id, commonName: 'db.example.org', profile: 'serverAuth' },
      { caId, mode: 'csr', csrPem: 'x' },
      { caId: '01900000-0000-7000-8000-000000000000', commonName: 'x' },
    ]
    for (const request of requests) {
      const planned = await answerTo(authority.plan(request as IssueRequest, asHost))
      expect(planned).toHaveProperty('code')
      expect(await answerTo(authority.issue(request as IssueRequest, asHost))).toEqual(planned)
    }
    clock.forward(31 * 86_400)
    const late = { caId, commonName: 'db.example.org' }
    expect(await answerTo(authority.plan(late, asHost))).toMatchObject({ code: 'ca_expired' })
    expect((await authority.listCertificates({}, asHost)).total).toBe(0)
  })
})
