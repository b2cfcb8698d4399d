import {
  basicConstraints,
  type Extension,
  keyUsage,
  parseCertificate,
  pemEncode,
  platformCrypto,
  type SerialNumber,
} from '@certwright/core'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyAlgorithms } from '../../packages/core/src/crypto/key-algorithms.js'
import { parsePublicKey } from '../../packages/core/src/crypto/public-key.js'
import { signatureAlgorithms } from '../../packages/core/src/crypto/signature-algorithms.js'
import { encodeTbsCertificate } from '../../packages/core/src/x509/certificate.js'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { createName } from '../../packages/core/src/x509/name.js'
import { encodeSignedData } from '../../packages/core/src/x509/signed-data.js'
import { asHost, day, isSignedBy, newCsr, newSetting, ocspStatus, passphrase, startTime } from './setting.js'

/* CAs that were made elsewhere: here by hand, so that each can be wrong in one way. */

interface Made {
  readonly name: string
  readonly pem: string
  readonly keyPem: string
  readonly pkcs8Der: Uint8Array
}

interface Wish {
  readonly name: string
  readonly issuer?: Made
  readonly extensions?: readonly Extension[]
  readonly notAfter?: Date
  readonly pkcs8Der?: Uint8Array
}

const caExtensions = (pathLength?: number): readonly Extension[] => [
  createExtension(
    basicConstraints,
    { isCa: true, ...(pathLength !== undefined && { pathLength }) },
    { critical: true },
  ),
  createExtension(keyUsage, ['keyCertSign', 'cRLSign'], { critical: true }),
]

let serial = 1
async function made({ name, issuer, extensions = caExtensions(), notAfter, ...given }: Wish): Promise<Made> {
  const pkcs8Der = given.pkcs8Der ?? (await platformCrypto.generateKeyPair('ECDSA-P256')).pkcs8Der
  const { spkiDer } = await platformCrypto.importSigningKey(pkcs8Der.slice())
  const signer = await platformCrypto.importSigningKey((issuer?.pkcs8Der ?? pkcs8Der).slice())
  const algorithm = keyAlgorithms[signer.keyAlgorithm].defaultSignatureAlgorithm
  const signatureAlgorithmDer = signatureAlgorithms[algorithm].identifierDer
  const tbsDer = encodeTbsCertificate({
    serialNumber: (serial++).toString(16).padStart(2, '0') as SerialNumber,
    signatureAlgorithmDer,
    issuer: createName({ commonName: issuer?.name ?? name }),
    subject: createName({ commonName: name }),
    notBefore: new Date(startTime.getTime() - 1000 * day),
    notAfter: notAfter ?? new Date(startTime.getTime() + 1000_000 * day),
    spkiDer,
    extensions,
  })
  const der = encodeSignedData({
    tbsDer,
    signatureAlgorithmDer,
    signature: await signer.sign(algorithm, tbsDer),
  })
  return { name, pem: pemEncode('CERTIFICATE', der), keyPem: pemEncode('PRIVATE KEY', pkcs8Der), pkcs8Der }
}

const root = await made({ name: 'Old Root' })
const policy = await made({ name: 'Old Policy', issuer: root })
const issuing = await made({ name: 'Old Issuing', issuer: policy })
const csrPem = await newCsr({ commonName: 'db.example.org' })

describe('an imported CA', () => {
  it('issues, revokes, and gives its whole chain', async () => {
    const { authority } = newSetting()
    const request = {
      name: 'Old',
      certificate: issuing.pem,
      privateKey: issuing.keyPem,
      chain: policy.pem + root.pem,
    }
    const ca = await authority.importCa(request, asHost)
    expect(ca).toMatchObject({ depth: 2, commonName: 'Old Issuing', hasPassphrase: false })
    expect(await authority.chain(ca.id, asHost)).toEqual([issuing.pem, policy.pem, root.pem])
    const { certificate } = await authority.issue({ caId: ca.id, mode: 'csr', csrPem }, asHost)
    const parsed = parseCertificate(certificate.certificateDer)
    expect(await isSignedBy(parsed, parseCertificate(issuing.pem))).toBe(true)
    expect(await ocspStatus(authority, ca, certificate.serialNumber)).toEqual({ kind: 'good' })
    await authority.revoke({ certificateId: certificate.id }, asHost)
    expect(await ocspStatus(authority, ca, certificate.serialNumber)).toMatchObject({ kind: 'revoked' })
    expect((await authority.crl(ca.id)).number).toBe(1)
  })

  it('may be a root, given with its own certificate as chain, as DER, as bundles have it', async () => {
    const { authority } = newSetting()
    const { der } = parseCertificate(root.pem)
    const request = { name: 'Old', certificate: der, privateKey: root.pkcs8Der.slice(), chain: root.pem }
    expect(await authority.importCa(request, asHost)).toMatchObject({ depth: 0 })
  })

  it('says unknown of what it issued before: nothing here knows it', async () => {
    const { authority } = newSetting()
    const ca = await authority.importCa(
      { name: 'Old', certificate: root.pem, privateKey: root.keyPem },
      asHost,
    )
    const { serialNumber } = parseCertificate(policy.pem)
    expect(await ocspStatus(authority, ca, serialNumber)).toEqual({ kind: 'unknown' })
  })

  it('gets a passphrase, and then signs only with it', async () => {
    const { authority } = newSetting()
    const request = { name: 'Old', certificate: root.pem, privateKey: root.keyPem, passphrase }
    const ca = await authority.importCa(request, asHost)
    expect(ca.hasPassphrase).toBe(true)
    const issue = { caId: ca.id, mode: 'csr', csrPem } as const
    await expect(authority.issue(issue, asHost)).rejects.toMatchObject({ code: 'passphrase_required' })
    await authority.issue({ ...issue, caPassphrase: passphrase }, asHost)
  })
})

const wrongIssuer = await made({ name: 'Old Policy', issuer: root })
const expired = await made({ name: 'Expired', notAfter: new Date(startTime.getTime() - 1000) })
const belowExpired = await made({ name: 'Below', issuer: expired })
const notCa = await made({
  name: 'Leaf',
  extensions: [createExtension(basicConstraints, { isCa: false }, { critical: true })],
})
const bare = await made({ name: 'Bare', extensions: [] })
const cannotSign = await made({
  name: 'Cannot sign',
  extensions: [
    createExtension(basicConstraints, { isCa: true }, { critical: true }),
    createExtension(keyUsage, ['digitalSignature'], { critical: true }),
  ],
})
const shortRoot = await made({ name: 'Short', extensions: caExtensions(0) })
const tooDeep = await made({ name: 'Too deep', issuer: shortRoot })
const weakKey = generateKeyPairSync('rsa', { modulusLength: 1024 })
const weakPem = weakKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

describe('an import is refused', () => {
  it.each<[string, { certificate: string; privateKey: string; chain?: string }, string]>([
    ['where the key is another’s', { certificate: root.pem, privateKey: policy.keyPem }, 'invalid_key'],
    [
      'where the certificate has expired',
      { certificate: expired.pem, privateKey: expired.keyPem },
      'ca_expired',
    ],
    [
      'where one above it has expired',
      { certificate: belowExpired.pem, privateKey: belowExpired.keyPem, chain: expired.pem },
      'ca_expired',
    ],
    [
      'where it is no CA (RFC 5280 §4.2.1.9)',
      { certificate: notCa.pem, privateKey: notCa.keyPem },
      'path_refused',
    ],
    [
      'where it does not say whether it is one',
      { certificate: bare.pem, privateKey: bare.keyPem },
      'path_refused',
    ],
    [
      'where it may not sign certificates (§4.2.1.3)',
      { certificate: cannotSign.pem, privateKey: cannotSign.keyPem },
      'path_refused',
    ],
    ['where the chain is missing', { certificate: issuing.pem, privateKey: issuing.keyPem }, 'path_refused'],
    [
      'where the root is missing',
      { certificate: issuing.pem, privateKey: issuing.keyPem, chain: policy.pem },
      'path_refused',
    ],
    [
      'where the chain is in the wrong order',
      { certificate: issuing.pem, privateKey: issuing.keyPem, chain: root.pem + policy.pem },
      'path_refused',
    ],
    [
      'where an issuer has the name and not the key',
      { certificate: issuing.pem, privateKey: issuing.keyPem, chain: wrongIssuer.pem + root.pem },
      'path_refused',
    ],
    [
      'where one above allows no CA below it (§4.2.1.9)',
      { certificate: tooDeep.pem, privateKey: tooDeep.keyPem, chain: shortRoot.pem },
      'path_refused',
    ],
    ['where the key is weak', { certificate: root.pem, privateKey: weakPem }, 'weak_key'],
    ['where the certificate is none', { certificate: 'hello', privateKey: root.keyPem }, 'invalid_encoding'],
    ['where the key is none', { certificate: root.pem, privateKey: root.pem }, 'invalid_key'],
    [
      'where the key is encrypted',
      { certificate: root.pem, privateKey: root.keyPem.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE') },
      'invalid_key',
    ],
  ])('%s, and leaves nothing behind', async (_, request, code) => {
    const { authority, storage } = newSetting()
    await expect(authority.importCa({ name: 'Old', ...request }, asHost)).rejects.toMatchObject({ code })
    expect(await storage.listCas({})).toEqual([])
    expect(await storage.listAuditEvents({}, 10)).toEqual([])
  })

  it('where the name is taken', async () => {
    const { authority } = newSetting()
    const request = { name: 'Old', certificate: root.pem, privateKey: root.keyPem }
    await authority.importCa(request, asHost)
    await expect(authority.importCa(request, asHost)).rejects.toMatchObject({
      code: 'storage_conflict',
      context: { constraint: 'ca_name' },
    })
  })

  it('for the weak key of the certificate itself', async () => {
    const { authority } = newSetting()
    const spkiDer = weakKey.publicKey.export({ type: 'spki', format: 'der' })
    expect(parsePublicKey(new Uint8Array(spkiDer)).bits).toBe(1024)
    const parsed = parseCertificate(root.pem)
    const tbsDer = encodeTbsCertificate({ ...parsed, spkiDer: new Uint8Array(spkiDer) })
    const certificate = encodeSignedData({ ...parsed, tbsDer })
    const request = { name: 'Weak', certificate, privateKey: weakPem }
    await expect(authority.importCa(request, asHost)).rejects.toMatchObject({ code: 'weak_key' })
  })
})
