import {
  type CaInfo,
  type CertificateInfo,
  hasCode,
  parseOcspResponse,
  type SettableReason,
} from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { opensslAsks, opensslReadsOcsp } from './ocsp-client.js'
import { openssl } from './openssl.js'
import { opensslRoot } from './openssl-ca.js'
import { opensslVerifies } from './verify-path.js'
import { createWorld, type World } from './world.js'

const readCrl = (der: Uint8Array): Promise<string> =>
  openssl(['crl', '-inform', 'DER', '-in', 'crl.der', '-noout', '-text'], { 'crl.der': der })

/** What `openssl ocsp` says of a certificate, from a request that it made. */
async function opensslStatus(ca: CaInfo, certificate: CertificateInfo, world: World): Promise<string> {
  const chainDer = world.chainOf(ca.id)
  const { certificateDer } = certificate
  const { der } = await world.authority.answerOcsp(
    ca.id,
    await opensslAsks({ chainDer, certificatesDer: [certificateDer] }),
  )
  const { accepted, text } = await opensslReadsOcsp(der, { chainDer, at: world.now, certificateDer })
  expect({ accepted, text }).toEqual({ accepted: true, text: expect.stringContaining('Response verify OK') })
  return text
}

/** Revoke a certificate, and let openssl print what is told of it. */
async function revokedFor(reason: SettableReason, world: World) {
  const { authority, caller } = world
  const { issuingCa } = await rootAndIssuingCa(world)
  const { certificate } = await issueFrom(issuingCa, world)
  world.now = new Date('2026-06-02T03:04:05.678Z')
  await authority.revoke({ certificateId: certificate.id, reason }, caller)
  const crl = await readCrl((await authority.crl(issuingCa.id)).der)
  return { certificate, crl, status: await opensslStatus(issuingCa, certificate, world) }
}

describe('openssl verify -crl_check', () => {
  it('refuses the certificate that was revoked, and accepts its sister', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate: revoked } = await issueFrom(issuingCa, world)
    const { certificate: sister } = await issueFrom(issuingCa, world)
    await authority.revoke({ certificateId: revoked.id }, caller)
    const crlsDer = [(await authority.crl(issuingCa.id)).der]
    expect(await opensslVerifies({ ...pathOf(revoked, world), crlsDer })).toEqual({
      accepted: false,
      text: expect.stringContaining('certificate revoked'),
    })
    expect(await opensslVerifies({ ...pathOf(sister, world), crlsDer })).toMatchObject({ accepted: true })
  })

  it('needs the list of the root to learn of a revoked intermediate', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { root, issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world)
    const crls = async () =>
      Promise.all([root, issuingCa].map(async ({ id }) => (await authority.crl(id)).der))
    const path = { ...pathOf(certificate, world), checkWholePath: true }
    expect(await opensslVerifies({ ...path, crlsDer: await crls() })).toMatchObject({ accepted: true })
    await authority.revokeCa({ caId: issuingCa.id, reason: 'caCompromise' }, caller)
    const crlsDer = await crls()
    expect(await opensslVerifies({ ...path, crlsDer })).toEqual({
      accepted: false,
      text: expect.stringContaining('certificate revoked'),
    })
    // Who looks only at the leaf's own list does not learn of it.
    expect(await opensslVerifies({ ...path, checkWholePath: false, crlsDer })).toMatchObject({
      accepted: true,
    })
    expect(await readCrl(crlsDer[0]!)).toContain('CA Compromise')
  })

  it('accepts all on an empty list, which has no revokedCertificates at all (RFC 5280 §5.1.2.6)', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world)
    const { der } = await world.authority.crl(issuingCa.id)
    expect(await readCrl(der)).toContain('No Revoked Certificates.')
    expect(await opensslVerifies({ ...pathOf(certificate, world), crlsDer: [der] })).toMatchObject({
      accepted: true,
    })
  })

  it('refuses a list that is past its nextUpdate, and accepts the one that has replaced it', async () => {
    const world = createWorld()
    const { authority } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world)
    const { der: old, nextUpdate } = await authority.crl(issuingCa.id)
    world.now = new Date(nextUpdate.getTime() + 1000)
    const path = pathOf(certificate, world)
    expect(await opensslVerifies({ ...path, crlsDer: [old] })).toEqual({
      accepted: false,
      text: expect.stringContaining('CRL has expired'),
    })
    const { der } = await authority.crl(issuingCa.id)
    expect(await opensslVerifies({ ...path, crlsDer: [der] })).toMatchObject({ accepted: true })
  })
})

describe('what CRL and OCSP say, as openssl prints it', () => {
  it.for<readonly [reason: SettableReason, text: string, number: string]>([
    ['keyCompromise', 'Key Compromise', '0x1'],
    ['caCompromise', 'CA Compromise', '0x2'],
    ['affiliationChanged', 'Affiliation Changed', '0x3'],
    ['superseded', 'Superseded', '0x4'],
    ['cessationOfOperation', 'Cessation Of Operation', '0x5'],
    ['certificateHold', 'Certificate Hold', '0x6'],
    // The number alone: OpenSSL before 3.2 has no text for it in OCSP.
    ['privilegeWithdrawn', 'Privilege Withdrawn', '0x9'],
  ])('%s, in the CRL as "%s", in OCSP as %s (RFC 5280 §5.3.1)', async ([reason, text, number]) => {
    const world = createWorld()
    const { crl, status } = await revokedFor(reason, world)
    expect(/CRL Reason Code: *\n *(.*)/.exec(crl)?.[1]).toBe(text)
    expect(/Revocation Reason: .*\((.*)\)/.exec(status)?.[1]).toBe(number)
  })

  it('unspecified is said by saying nothing (RFC 5280 §5.3.1)', async () => {
    const world = createWorld()
    const { crl, status } = await revokedFor('unspecified', world)
    expect(crl).not.toContain('Reason')
    expect(status).not.toContain('Reason')
  })

  it('a revocation has the second in which it was made', async () => {
    const world = createWorld()
    const { certificate, crl, status } = await revokedFor('superseded', world)
    expect(crl.toLowerCase()).toContain(`serial number: ${certificate.serialNumber}`)
    expect(crl).toContain('Revocation Date: Jun  2 03:04:05 2026 GMT')
    expect(status).toContain('certificate.pem: revoked\n')
    expect(status).toContain('Revocation Time: Jun  2 03:04:05 2026 GMT')
  })

  it('its number grows with every list (RFC 5280 §5.2.3)', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const numbers: number[] = []
    for (const _round of [1, 2, 3]) {
      const { certificate } = await issueFrom(issuingCa, world)
      await authority.revoke({ certificateId: certificate.id }, caller)
      const text = await readCrl((await authority.crl(issuingCa.id)).der)
      numbers.push(Number(/X509v3 CRL Number: *\n *(\d+)/.exec(text)?.[1]))
      expect(text.match(/Serial Number:/g)).toHaveLength(numbers.length)
    }
    expect(numbers).toEqual([1, 2, 3])
  })

  it('a hold that becomes a revocation has one entry, with the new reason', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world)
    const { certificate } = await issueFrom(issuingCa, world)
    for (const reason of ['certificateHold', 'keyCompromise'] as const) {
      await authority.revoke({ certificateId: certificate.id, reason }, caller)
    }
    const text = await readCrl((await authority.crl(issuingCa.id)).der)
    expect(text.match(/Serial Number:/g)).toHaveLength(1)
    expect(text).toContain('Key Compromise')
    expect(text).not.toContain('Certificate Hold')
  })
})

describe('a CA with a passphrase', () => {
  const passphrase = 'correct horse'

  it.for(['RSA-2048', 'ECDSA-P256', 'Ed25519'] as const)(
    '%s: its list and its OCSP responder verify while its key is locked (RFC 6960 §4.2.2.2)',
    async (keyAlgorithm) => {
      const world = createWorld()
      const { authority, caller } = world
      const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: { passphrase, keyAlgorithm } })
      const unlocked = { caPassphrase: passphrase }
      const { certificate: good } = await issueFrom(issuingCa, world, unlocked)
      const { certificate: revoked } = await issueFrom(issuingCa, world, unlocked)
      const revocation = { certificateId: revoked.id, reason: 'superseded', ...unlocked } as const
      await authority.revoke(revocation, caller)

      const crlsDer = [(await authority.crl(issuingCa.id)).der]
      expect(await opensslVerifies({ ...pathOf(good, world), crlsDer })).toMatchObject({ accepted: true })
      expect(await opensslVerifies({ ...pathOf(revoked, world), crlsDer })).toMatchObject({ accepted: false })
      expect(await opensslStatus(issuingCa, good, world)).toContain('certificate.pem: good\n')
      expect(await opensslStatus(issuingCa, revoked, world)).toContain('Reason: superseded')
    },
  )

  it('tells of revocation also where its name has characters of two UTF-16 units', async () => {
    const name = `a${'🔑'.repeat(40)}`
    const world = createWorld()
    const issuing = { passphrase, name, subject: { commonName: 'Issuing CA' } }
    const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: issuing })
    const { certificate } = await issueFrom(issuingCa, world, { caPassphrase: passphrase })
    expect(await world.authority.crl(issuingCa.id)).toMatchObject({ number: 1 })
    expect(await opensslStatus(issuingCa, certificate, world)).toContain('certificate.pem: good\n')
  })

  it('publishes its list even where no responder can stand below it', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const constraints = 'nameConstraints = critical, permitted;dirName:here\n[here]\nO = Elsewhere'
    const { certificatePem, keyPem } = await opensslRoot('ECDSA-P256', constraints)
    const request = { name: 'Imported', certificate: certificatePem, privateKey: keyPem, passphrase }
    const { id } = await authority.importCa(request, caller)
    expect(await authority.crl(id)).toMatchObject({ number: 1 })
    const asked = await opensslAsks({ chainDer: world.chainOf(id), serials: ['0x77'] })
    expect(parseOcspResponse((await authority.answerOcsp(id, asked)).der)).toEqual({ status: 'tryLater' })
  })

  it('its responder is one by its own certificate, which nobody needs to ask about', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: { passphrase } })
    const chainDer = world.chainOf(issuingCa.id)
    const request = await opensslAsks({ chainDer, serials: ['0x77'] })
    const { der } = await world.authority.answerOcsp(issuingCa.id, request)
    const response = parseOcspResponse(der)
    if (response.status !== 'successful') expect.unreachable(response.status)
    const [certificateDer] = response.basic.certificatesDer
    const text = await openssl(['x509', '-inform', 'DER', '-in', 'r.der', '-noout', '-text'], {
      'r.der': certificateDer!,
    })
    expect(text).toContain('OCSP Signing')
    expect(text).toContain('OCSP No Check')
    const asked = { certificateDer: certificateDer!, chainDer, at: world.now, purpose: 'ocsphelper' } as const
    expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
  })

  it('issues nothing for a wrong one', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: { passphrase } })
    await expect(issueFrom(issuingCa, world, { caPassphrase: 'wrong' })).rejects.toSatisfy((error) =>
      hasCode(error, 'wrong_passphrase'),
    )
  })
})

describe('openssl ocsp reads the answer', () => {
  it.for(['RSA-2048', 'ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521', 'Ed25519'] as const)(
    'of a CA whose key is %s',
    async (keyAlgorithm) => {
      const world = createWorld()
      const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: { keyAlgorithm } })
      const { certificate } = await issueFrom(issuingCa, world)
      expect(await opensslStatus(issuingCa, certificate, world)).toContain('certificate.pem: good\n')
    },
  )
})
