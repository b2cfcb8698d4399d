import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import forge from 'node-forge'

/* What a test wants to begin with, by other means: a root, an issuing CA, and a server certificate with its key. */

/** In the order of the chain, PEM, the leaf first. */
export type TestChain = readonly [leaf: string, issuing: string, root: string]

/** The script that one finds in repositories: P-256, a file for everything. */
export function chainByOpenssl(): TestChain {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-bench-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  try {
    openssl('req', '-x509', ...p256, '-subj', '/CN=Root', '-keyout', 'root.key', '-out', 'root.pem')
    writeFileSync(
      join(folder, 'ca'),
      'basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n',
    )
    writeFileSync(join(folder, 'leaf'), 'subjectAltName=DNS:api.internal\nextendedKeyUsage=serverAuth\n')
    openssl('req', '-new', ...p256, '-subj', '/CN=CA', '-keyout', 'ca.key', '-out', 'ca.csr')
    openssl(
      'x509',
      '-req',
      '-in',
      'ca.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-extfile',
      'ca',
      '-out',
      'ca.pem',
    )
    openssl('req', '-new', ...p256, '-subj', '/CN=api.internal', '-keyout', 'leaf.key', '-out', 'leaf.csr')
    openssl(
      'x509',
      '-req',
      '-in',
      'leaf.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-extfile',
      'leaf',
      '-out',
      'leaf.pem',
    )
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    return [read('leaf.pem'), read('ca.pem'), read('root.pem')]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** P-256, by WebCrypto. */
export async function chainByPeculiar(): Promise<TestChain> {
  const newKeys = () => crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const [rootKeys, caKeys, leafKeys] = [await newKeys(), await newKeys(), await newKeys()]
  const times = { notBefore: new Date('2020-01-01'), notAfter: new Date('2049-12-31') }
  const ca = [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ]
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...times,
    name: 'CN=Root',
    keys: rootKeys,
    signingAlgorithm: p256,
    extensions: ca,
  })
  const issuing = await x509.X509CertificateGenerator.create({
    ...times,
    subject: 'CN=CA',
    issuer: root.subject,
    publicKey: caKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: p256,
    extensions: ca,
  })
  const leaf = await x509.X509CertificateGenerator.create({
    ...times,
    subject: 'CN=api.internal',
    issuer: issuing.subject,
    publicKey: leafKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: p256,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'api.internal' }]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  })
  return [leaf.toString('pem'), issuing.toString('pem'), root.toString('pem')]
}

/** RSA-2048, since it has no ECDSA. */
export function chainByForge(): TestChain {
  const { pki, md } = forge
  const [rootKeys, caKeys, leafKeys] = [1, 2, 3].map(() => pki.rsa.generateKeyPair(2048)) as [
    forge.pki.rsa.KeyPair,
    forge.pki.rsa.KeyPair,
    forge.pki.rsa.KeyPair,
  ]
  const make = (
    name: string,
    keys: forge.pki.rsa.KeyPair,
    issuer: { name: string; keys: forge.pki.rsa.KeyPair },
    extensions: object[],
  ): string => {
    const certificate = pki.createCertificate()
    certificate.publicKey = keys.publicKey
    certificate.serialNumber = '01'
    certificate.validity.notBefore = new Date('2020-01-01')
    certificate.validity.notAfter = new Date('2049-12-31')
    certificate.setSubject([{ name: 'commonName', value: name }])
    certificate.setIssuer([{ name: 'commonName', value: issuer.name }])
    certificate.setExtensions(extensions)
    certificate.sign(issuer.keys.privateKey, md.sha256.create())
    return pki.certificateToPem(certificate)
  }
  const ca = [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]
  const root = { name: 'Root', keys: rootKeys }
  const server = [
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'api.internal' }] },
    { name: 'extKeyUsage', serverAuth: true },
  ]
  return [
    make('api.internal', leafKeys, { name: 'CA', keys: caKeys }, server),
    make('CA', caKeys, root, ca),
    make('Root', rootKeys, root, ca),
  ]
}
