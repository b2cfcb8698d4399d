import { pemDecode } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { type CommonKeyAlgorithm, opensslCsr, opensslReadsCsr, ownCsr, pkijsCsr } from './csr.js'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { openssl } from './openssl.js'
import { ownRequest } from './own-reading.js'
import { pkijsRequest } from './pkijs-reading.js'
import { opensslVerifies } from './verify-path.js'
import { createWorld } from './world.js'

const names = { commonName: 'www.example.org', dns: ['www.example.org', 'api.example.org'] }

describe('CSR mode: the key is the one of the CSR, and openssl accepts the certificate', () => {
  it.for<readonly [maker: string, key: CommonKeyAlgorithm, make: () => Promise<string> | string]>([
    ['openssl', 'RSA-2048', () => opensslCsr('RSA-2048', names)],
    ['openssl', 'RSA-3072', () => opensslCsr('RSA-3072', names)],
    [
      'openssl, signed with PSS',
      'RSA-2048',
      () =>
        opensslCsr('RSA-2048', names, [
          '-sigopt',
          'rsa_padding_mode:pss',
          '-sigopt',
          'rsa_pss_saltlen:digest',
        ]),
    ],
    ['openssl', 'ECDSA-P256', () => opensslCsr('ECDSA-P256', names)],
    ['openssl', 'ECDSA-P384', () => opensslCsr('ECDSA-P384', names)],
    ['openssl', 'ECDSA-P521', () => opensslCsr('ECDSA-P521', names)],
    ['openssl', 'Ed25519', () => opensslCsr('Ed25519', names)],
    ['our encoder and node:crypto', 'RSA-2048', () => ownCsr('RSA-2048', names)],
    ['our encoder and node:crypto', 'ECDSA-P256', () => ownCsr('ECDSA-P256', names)],
    ['our encoder and node:crypto', 'ECDSA-P384', () => ownCsr('ECDSA-P384', names)],
    ['our encoder and node:crypto', 'ECDSA-P521', () => ownCsr('ECDSA-P521', names)],
    ['our encoder and node:crypto', 'Ed25519', () => ownCsr('Ed25519', names)],
    ['pkijs', 'RSA-2048', () => pkijsCsr('RSA-2048', names)],
    ['pkijs', 'ECDSA-P256', () => pkijsCsr('ECDSA-P256', names)],
    ['pkijs', 'ECDSA-P384', () => pkijsCsr('ECDSA-P384', names)],
  ])('made by %s: %s', async ([, keyAlgorithm, make]) => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const csrPem = await make()
    expect(await opensslReadsCsr(csrPem)).toContain('verify OK')
    expect(pkijsRequest(pemDecode(csrPem, 'CERTIFICATE REQUEST'))).toEqual(ownRequest(csrPem))

    const issued = await authority.issue({ caId: issuingCa.id, mode: 'csr', csrPem }, caller)
    expect(issued.privateKeyPem).toBeUndefined()
    const { certificate } = issued
    expect(certificate).toMatchObject({
      mode: 'csr',
      keyAlgorithm,
      commonName: names.commonName,
      sanDns: names.dns,
    })
    const ofCsr = await openssl(['req', '-in', 'csr.pem', '-noout', '-pubkey'], { 'csr.pem': csrPem })
    const ofCertificate = await openssl(['x509', '-in', 'c.pem', '-noout', '-pubkey'], {
      'c.pem': certificate.certificatePem,
    })
    expect(ofCertificate).toBe(ofCsr)
    const asked = {
      ...pathOf(certificate, world),
      purpose: 'sslserver',
      hostname: 'api.example.org',
    } as const
    expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
  })

  it('managed mode: the private key that comes with the certificate is its own', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world)
    for (const keyAlgorithm of ['RSA-2048', 'ECDSA-P384', 'Ed25519'] as const) {
      const { certificate, privateKeyPem = '' } = await issueFrom(issuingCa, world, { keyAlgorithm })
      const ofKey = await openssl(['pkey', '-in', 'k.pem', '-pubout'], { 'k.pem': privateKeyPem })
      const ofCertificate = await openssl(['x509', '-in', 'c.pem', '-noout', '-pubkey'], {
        'c.pem': certificate.certificatePem,
      })
      expect(ofKey).toBe(ofCertificate)
    }
  })
})

describe('renewals verify like what they renew', () => {
  it('a managed certificate gets a new key and keeps its names', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate: old } = await issueFrom(issuingCa, world, {
      keyAlgorithm: 'ECDSA-P384',
      sanDns: ['api.example.org'],
      validityDays: 30,
    })
    world.now = new Date('2026-06-20T12:00:00Z')
    const { certificate, privateKeyPem = '' } = await authority.renew({ certificateId: old.id }, caller)
    expect(certificate).toMatchObject({ renewedFrom: old.id, keyAlgorithm: 'ECDSA-P384', sanDns: old.sanDns })
    expect(certificate.serialNumber).not.toBe(old.serialNumber)
    const keys = [old, certificate].map(({ certificatePem }) =>
      openssl(['x509', '-in', 'c.pem', '-noout', '-pubkey'], { 'c.pem': certificatePem }),
    )
    const [oldKey, newKey] = await Promise.all(keys)
    expect(newKey).not.toBe(oldKey)
    expect(await openssl(['pkey', '-in', 'k.pem', '-pubout'], { 'k.pem': privateKeyPem })).toBe(newKey)
    // Past the end of the old one.
    const at = new Date('2026-07-10T12:00:00Z')
    const asked = { ...pathOf(certificate, world), at, hostname: 'api.example.org' }
    expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
    expect(await opensslVerifies({ ...pathOf(old, world), at })).toMatchObject({ accepted: false })
  })

  it('one from a CSR takes a new CSR', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const csrPem = await opensslCsr('ECDSA-P256', names)
    const { certificate: old } = await authority.issue({ caId: issuingCa.id, mode: 'csr', csrPem }, caller)
    const newCsrPem = await opensslCsr('ECDSA-P256', names)
    const renewal = { certificateId: old.id, csrPem: newCsrPem }
    const { certificate } = await authority.renew(renewal, caller)
    expect(certificate).toMatchObject({ renewedFrom: old.id, mode: 'csr', sanDns: names.dns })
    const asked = { ...pathOf(certificate, world), hostname: 'www.example.org' }
    expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
  })
})
