import type { IssueRequest, KeyAlgorithm } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { openssl } from './openssl.js'
import { opensslVerifies, type PathQuestion } from './verify-path.js'
import { createWorld } from './world.js'

type Wish = Partial<PathQuestion>

describe('openssl verify accepts root → intermediate → leaf', () => {
  it.for<readonly [root: KeyAlgorithm, intermediate: KeyAlgorithm, leaf: KeyAlgorithm]>([
    ['RSA-2048', 'RSA-2048', 'RSA-2048'],
    ['RSA-4096', 'RSA-3072', 'RSA-2048'],
    ['ECDSA-P256', 'ECDSA-P256', 'ECDSA-P256'],
    ['ECDSA-P384', 'ECDSA-P384', 'ECDSA-P384'],
    ['ECDSA-P521', 'ECDSA-P521', 'ECDSA-P521'],
    ['Ed25519', 'Ed25519', 'Ed25519'],
    ['ECDSA-P384', 'Ed25519', 'ECDSA-P521'],
  ])('with the keys %s → %s → %s', async ([rootKey, intermediateKey, keyAlgorithm]) => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world, {
      root: { keyAlgorithm: rootKey },
      issuingCa: { keyAlgorithm: intermediateKey },
    })
    const { certificate } = await issueFrom(issuingCa, world, { keyAlgorithm, profile: 'serverAuth' })
    expect(certificate.keyAlgorithm).toBe(keyAlgorithm)
    const asked = {
      ...pathOf(certificate, world),
      purpose: 'sslserver',
      hostname: 'www.example.org',
    } as const
    expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
  })

  // notAfter itself is still valid (RFC 5280 §4.1.2.5); OpenSSL takes that one second for expired.
  it('until notAfter and no longer', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world, { validityDays: 1 })
    const path = pathOf(certificate, world)
    const [before, after] = [-1000, 1000].map((shift) => new Date(certificate.notAfter.getTime() + shift))
    expect(await opensslVerifies({ ...path, at: before! })).toMatchObject({ accepted: true })
    expect(await opensslVerifies({ ...path, at: after! })).toEqual({
      accepted: false,
      text: expect.stringContaining('certificate has expired'),
    })
  })
})

describe('each profile is what openssl takes it for', () => {
  it.for<
    readonly [profile: string, request: Partial<IssueRequest>, good: Wish[], bad: Wish[], usage: string]
  >([
    [
      'serverAuth',
      {},
      [{ purpose: 'sslserver' }],
      [{ purpose: 'sslclient' }],
      'TLS Web Server Authentication',
    ],
    [
      'clientAuth',
      { commonName: 'alice' },
      [{ purpose: 'sslclient' }],
      [{ purpose: 'sslserver' }],
      'TLS Web Client Authentication',
    ],
    [
      'serverAndClientAuth',
      {},
      [{ purpose: 'sslserver' }, { purpose: 'sslclient' }],
      [{ purpose: 'smimesign' }],
      'TLS Web Server Authentication, TLS Web Client Authentication',
    ],
    [
      'codeSigning',
      { commonName: 'Releases' },
      [{}],
      [{ purpose: 'sslserver' }, { purpose: 'sslclient' }],
      'Code Signing',
    ],
    [
      'emailProtection',
      { commonName: 'Alice', sanEmail: ['alice@example.org'] },
      [{ purpose: 'smimesign', email: 'alice@example.org' }],
      [{ purpose: 'sslclient' }, { purpose: 'smimesign', email: 'bob@example.org' }],
      'E-mail Protection',
    ],
    [
      'ocspSigning',
      { commonName: 'Responder' },
      [{ purpose: 'ocsphelper' }],
      [{ purpose: 'sslserver' }],
      'OCSP Signing',
    ],
    [
      'publicServerAuth',
      { validityDays: 90 },
      [{ purpose: 'sslserver' }],
      [{ purpose: 'sslclient' }],
      'TLS Web Server Authentication',
    ],
  ])('%s', async ([profile, request, good, bad, usage]) => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world, { profile, ...request })
    const path = pathOf(certificate, world)
    for (const wish of good)
      expect(await opensslVerifies({ ...path, ...wish })).toMatchObject({ accepted: true })
    for (const wish of bad)
      expect(await opensslVerifies({ ...path, ...wish })).toMatchObject({ accepted: false })
    const text = await openssl(
      ['x509', '-in', 'c.pem', '-noout', '-ext', 'extendedKeyUsage,basicConstraints'],
      {
        'c.pem': certificate.certificatePem,
      },
    )
    expect(text).toMatch(new RegExp(`^ +${usage}$`, 'm'))
    expect(text).not.toContain('CA:TRUE')
  })
})

describe('each kind of name is one that openssl finds', () => {
  it.for<readonly [sentence: string, request: Partial<IssueRequest>, found: Wish[], others: Wish[]]>([
    [
      'a DNS name stands for itself alone',
      { sanDns: ['api.example.org'] },
      [{ hostname: 'api.example.org' }, { hostname: 'API.example.ORG' }],
      [{ hostname: 'example.org' }, { hostname: 'www.api.example.org' }],
    ],
    [
      'a wildcard stands for one whole label (RFC 9525 §6.3)',
      { commonName: '*.example.org' },
      [{ hostname: 'a.example.org' }],
      [{ hostname: 'example.org' }, { hostname: 'a.b.example.org' }],
    ],
    [
      'a name of another script is its A-label (RFC 5280 §7.2)',
      { sanDns: ['xn--bcher-kva.example'] },
      [{ hostname: 'xn--bcher-kva.example' }],
      [{ hostname: 'bcher.example' }],
    ],
    ['an IPv4 address', { sanIp: ['192.0.2.7'] }, [{ address: '192.0.2.7' }], [{ address: '192.0.2.8' }]],
    [
      'an IPv6 address, however it is written (RFC 5952)',
      { sanIp: ['2001:DB8:0:0::7'] },
      [{ address: '2001:db8::7' }, { address: '2001:db8:0:0:0:0:0:7' }],
      [{ address: '2001:db8::8' }],
    ],
    [
      'a mailbox, whose domain has no case',
      { sanEmail: ['alice@Example.org'] },
      [{ email: 'alice@example.org' }],
      [{ email: 'bob@example.org' }],
    ],
    [
      'a common name that is an address',
      { commonName: '192.0.2.9' },
      [{ address: '192.0.2.9' }],
      [{ hostname: 'www.example.org' }],
    ],
  ])('%s', async ([, request, found, others]) => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world, request)
    const path = pathOf(certificate, world)
    for (const wish of found)
      expect(await opensslVerifies({ ...path, ...wish })).toMatchObject({ accepted: true })
    for (const wish of others)
      expect(await opensslVerifies({ ...path, ...wish })).toMatchObject({ accepted: false })
  })

  it('a URI, and all kinds at once, in the order of the request', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world, {
      commonName: 'device 7',
      sanDns: ['b.example.org', 'a.example.org'],
      sanIp: ['192.0.2.7', '2001:db8::7'],
      sanEmail: ['alice@example.org'],
      sanUri: ['spiffe://example.org/device/7'],
    })
    const text = await openssl(['x509', '-in', 'c.pem', '-noout', '-ext', 'subjectAltName'], {
      'c.pem': certificate.certificatePem,
    })
    expect(text.split('\n')[1]?.trim().split(', ')).toEqual([
      'DNS:b.example.org',
      'DNS:a.example.org',
      'IP Address:192.0.2.7',
      'IP Address:2001:DB8:0:0:0:0:0:7',
      'email:alice@example.org',
      'URI:spiffe://example.org/device/7',
    ])
  })
})
