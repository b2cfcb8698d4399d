import {
  type Authority,
  type CaInfo,
  crlEntries,
  createCertificateRequest,
  createName,
  findExtension,
  findSignatureAlgorithm,
  type KeyAlgorithm,
  keyUsage,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  parsePublicKey,
  pemDecode,
  pemEncode,
  platformCrypto,
} from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { asHost, isSignedBy, newSetting, ocspQuestion, ocspStatus, passphrase } from './setting.js'

/* ML-DSA from the root to the leaf, by the same flows as all others: nothing in them knows it. */

const names = { commonName: 'db.example.org', sanDns: ['db.example.org'] }

async function hierarchy(authority: Authority, keyAlgorithm: KeyAlgorithm = 'ML-DSA-65') {
  const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'ML-DSA-87' }, asHost)
  const issuing = await authority.createIntermediate(
    { parentCaId: root.id, name: 'Issuing', keyAlgorithm, pathLength: 0 },
    asHost,
  )
  return { root, issuing }
}

async function csr(keyAlgorithm: KeyAlgorithm): Promise<string> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair(keyAlgorithm)
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const subject = createName({ commonName: names.commonName })
  const subjectAltNames = names.sanDns.map((value) => ({ type: 'dns', value }) as const)
  return pemEncode('CERTIFICATE REQUEST', await createCertificateRequest({ subject, subjectAltNames }, key))
}

const algorithmOf = (certificateDer: Uint8Array): string =>
  findSignatureAlgorithm(parseCertificate(certificateDer).signatureAlgorithmDer).name

describe('a post-quantum hierarchy', () => {
  it('issues, each level signed by the one above it', async () => {
    const { authority } = newSetting()
    const { root, issuing } = await hierarchy(authority)
    expect([root, issuing].map((ca) => algorithmOf(ca.certificateDer))).toEqual(['ML-DSA-87', 'ML-DSA-87'])

    const managed = await authority.issue({ caId: issuing.id, ...names, keyAlgorithm: 'ML-DSA-44' }, asHost)
    const fromCsr = await authority.issue(
      { caId: issuing.id, mode: 'csr', csrPem: await csr('ML-DSA-44') },
      asHost,
    )
    for (const { certificate } of [managed, fromCsr]) {
      const leaf = parseCertificate(certificate.certificateDer)
      expect(certificate.keyAlgorithm).toBe('ML-DSA-44')
      expect(algorithmOf(leaf.der)).toBe('ML-DSA-65')
      expect(await isSignedBy(leaf, parseCertificate(issuing.certificateDer))).toBe(true)
      expect(findExtension(leaf.extensions, keyUsage)).toEqual(['digitalSignature']) // RFC 9881 §5
    }
    const key = await platformCrypto.importSigningKey(pemDecode(managed.privateKeyPem ?? '', 'PRIVATE KEY'))
    expect(key.spkiDer).toEqual(parseCertificate(managed.certificate.certificateDer).spkiDer)
  })

  it('stands on SLH-DSA too, from the root to the CRL (RFC 9909)', async () => {
    const { authority } = newSetting()
    const keyAlgorithm = 'SLH-DSA-SHA2-128f'
    const root = await authority.createRoot({ name: 'Root', keyAlgorithm }, asHost)
    const { certificate } = await authority.issue({ caId: root.id, ...names, keyAlgorithm }, asHost)
    const leaf = parseCertificate(certificate.certificateDer)
    expect([leaf, parseCertificate(root.certificateDer)].map(({ der }) => algorithmOf(der))).toEqual([
      keyAlgorithm,
      keyAlgorithm,
    ])
    expect(findExtension(leaf.extensions, keyUsage)).toEqual(['digitalSignature']) // RFC 9909 §6
    await authority.revoke({ certificateId: certificate.id }, asHost)
    const crl = parseCrl((await authority.crl(root.id)).der)
    expect([...crlEntries(crl)].map(({ serialNumber }) => serialNumber)).toEqual([certificate.serialNumber])
    for (const signed of [leaf, crl]) {
      expect(await isSignedBy(signed, parseCertificate(root.certificateDer))).toBe(true)
    }
  }, 30_000)

  it('renews, revokes, and tells of it by CRL and OCSP', async () => {
    const { authority } = newSetting()
    const { issuing } = await hierarchy(authority)
    const first = await authority.issue({ caId: issuing.id, ...names, keyAlgorithm: 'ML-DSA-44' }, asHost)
    const { certificate } = await authority.renew({ certificateId: first.certificate.id }, asHost)
    expect(certificate.keyAlgorithm).toBe('ML-DSA-44')
    await authority.revoke({ certificateId: certificate.id, reason: 'keyCompromise' }, asHost)

    expect(await ocspStatus(authority, issuing, certificate.serialNumber)).toMatchObject({ kind: 'revoked' })
    expect(await ocspStatus(authority, issuing, first.certificate.serialNumber)).toEqual({ kind: 'good' })
    const crl = parseCrl((await authority.crl(issuing.id)).der)
    expect([...crlEntries(crl)].map(({ serialNumber }) => serialNumber)).toEqual([certificate.serialNumber])
    expect(await isSignedBy(crl, parseCertificate(issuing.certificateDer))).toBe(true)
  })

  it('answers OCSP by ML-DSA for a CA that is locked', async () => {
    const { authority } = newSetting()
    const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'ML-DSA-65', passphrase }, asHost)
    const { der } = await authority.answerOcsp(root.id, questionAbout(root))
    const response = parseOcspResponse(der)
    if (response.status !== 'successful') throw new Error(response.status)
    const [responderDer = new Uint8Array()] = response.basic.certificatesDer
    const responder = parseCertificate(responderDer)
    expect(parsePublicKey(responder.spkiDer).keyAlgorithm).toBe('ML-DSA-44')
    expect(await isSignedBy(responder, parseCertificate(root.certificateDer))).toBe(true)
    expect(await isSignedBy(response.basic, responder)).toBe(true)
  })

  it('lets a classical CA certify an ML-DSA key, and the other way round', async () => {
    const { authority } = newSetting()
    const { root } = await hierarchy(authority)
    for (const [keyAlgorithm, leafAlgorithm] of [
      ['ECDSA-P256', 'ML-DSA-65'],
      ['ML-DSA-44', 'Ed448'],
      ['RSA-PSS-2048', 'ECDSA-P256'],
    ] as const) {
      const ca = await authority.createIntermediate(
        { parentCaId: root.id, name: `Issuing by ${keyAlgorithm}`, keyAlgorithm },
        asHost,
      )
      const csrPem = await csr(leafAlgorithm)
      const { certificate } = await authority.issue({ caId: ca.id, mode: 'csr', csrPem }, asHost)
      const leaf = parseCertificate(certificate.certificateDer)
      expect(parsePublicKey(leaf.spkiDer).keyAlgorithm).toBe(leafAlgorithm)
      expect(await isSignedBy(leaf, parseCertificate(ca.certificateDer))).toBe(true)
    }
  })
})

const questionAbout = (ca: CaInfo): Uint8Array =>
  ocspQuestion(ca, parseCertificate(ca.certificateDer).serialNumber)
