import {
  type ApiKeyPrincipal,
  type Authority,
  type CaInfo,
  type CertificateInfo,
  PkiError,
  type SerialNumber,
} from '@certwright/core'

/*
 * For the tests of this package: an authority of canned answers, so that they show what the binding does and nothing
 * else. Flows against the real one are tested in the workspace's test folder.
 */

export const caId = '550e8400-e29b-41d4-a716-446655440000'
export const certificateId = '660e8400-e29b-41d4-a716-446655440001'
export const goodKey = 'cm_good'

const start = new Date('2026-01-01T00:00:00.000Z')
const end = new Date('2027-01-01T00:00:00.000Z')
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
// The cast: the real one is parsed out of a certificate.
const serialNumber = '01ab23cd45ef' as SerialNumber

export const ca: CaInfo = {
  id: caId,
  workspaceId: '770e8400-e29b-41d4-a716-446655440002',
  name: 'Root',
  commonName: 'Example Root',
  keyAlgorithm: 'ECDSA-P384',
  certificateDer: new Uint8Array([0x30, 0x00]),
  certificatePem: pem,
  serialNumber,
  notBefore: start,
  notAfter: end,
  createdAt: start,
  hasPassphrase: false,
  depth: 0,
}

export const certificate: CertificateInfo = {
  id: certificateId,
  caId,
  workspaceId: ca.workspaceId,
  commonName: 'api.example.com',
  sanDns: ['api.example.com'],
  sanIp: ['192.0.2.1'],
  sanEmail: [],
  sanUri: [],
  keyAlgorithm: 'ECDSA-P256',
  profile: 'serverAndClientAuth',
  mode: 'managed',
  certificateDer: new Uint8Array([0x30, 0x00]),
  certificatePem: pem,
  serialNumber,
  notBefore: start,
  notAfter: end,
  createdAt: start,
}

const news = { scope: 'complete', isPublished: false }

export type FakeAuthority = Authority & { readonly calls: { name: string; args: unknown[] }[] }

/** Every call is written down; `answers` replaces what a method does. */
export function fakeAuthority(answers: Partial<Authority> = {}): FakeAuthority {
  const calls: { name: string; args: unknown[] }[] = []
  const methods: Partial<Authority> = {
    authenticate: async (credential) => {
      if (credential !== goodKey)
        throw new PkiError('invalid_credentials', 'Cannot authenticate: the key is not known', {})
      return { kind: 'apiKey', id: 'key-1' } as ApiKeyPrincipal
    },
    whoami: async () => ({
      user: { id: caId, email: 'user@example.com' },
      workspace: { id: caId, name: 'My Workspace', slug: 'my-workspace' },
      apiKey: { id: caId, name: 'Production Key', prefix: 'cm_prod' },
      permissions: { [caId]: { canRead: true, canIssue: true, canRevoke: false } },
    }),
    listCas: async () => [ca],
    getCa: async () => ca,
    chain: async () => [pem, pem],
    listCertificates: async () => ({
      certificates: [certificate],
      total: 42,
      page: 1,
      pageSize: 20,
      totalPages: 3,
    }),
    getCertificate: async () => certificate,
    issue: async () => ({ certificate, privateKeyPem: 'KEY\n', replayed: false }),
    renew: async () => ({ certificate, replayed: true }),
    revoke: async () => ({ ...certificate, revokedAt: end, revocationReason: 'keyCompromise', crl: news }),
    releaseHold: async () => ({ ...certificate, crl: news }),
    crl: async () => ({
      der: new Uint8Array([1]),
      scope: 'complete',
      number: 7,
      thisUpdate: start,
      nextUpdate: end,
    }),
    answerOcsp: async (_caId, request) => ({ der: request.slice(), thisUpdate: start, nextUpdate: end }),
    caCertificate: async () => ca.certificateDer,
    ...answers,
  }
  const recorded = Object.entries(methods).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      calls.push({ name, args })
      // The cast: each method gets the arguments that it was called with.
      return (method as (...args: unknown[]) => unknown)(...args)
    },
  ])
  // The cast: the binding calls no other method.
  return { ...Object.fromEntries(recorded), calls } as FakeAuthority
}
