import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, knownExtensions, operator, pemDecode, pemEncode } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeExtensions } from './describe-extensions.js'
import { inspectInput } from './inspect-input.js'
import type { DescribedItem, Fields, Item } from './item.js'
import { renderItem } from './render-text.js'

const now = new Date('2026-06-01T12:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'certwright-inspect-'))

const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}
const made = (name: string): Buffer => readFileSync(join(folder, name))

const inspect = (bytes: Uint8Array | string, at = now): Item[] =>
  inspectInput({ file: 'x', bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }, at)

function described(item: Item | undefined): DescribedItem {
  if (item === undefined || 'error' in item) throw new Error(`not readable: ${JSON.stringify(item)}`)
  return item
}

const text = (bytes: Uint8Array | string): string => renderItem(described(inspect(bytes)[0]))

function extension(fields: Fields, name: string): unknown {
  const list = fields['extensions'] as readonly Fields[]
  return list.find((extension) => extension['name'] === name)?.['value']
}

let rootPem: string
let leafPem: string
let leafKeyPem: string
let crlDer: Uint8Array

beforeAll(async () => {
  const authority = createAuthority({
    storage: memoryStorage(),
    custody: memoryCustody(),
    clock: { now: () => now },
    distribution: { baseUrl: 'http://pki.test' },
  })
  const caller = { principal: operator('test') }
  const root = await authority.createRoot({ name: 'Root', validityDays: 365 }, caller)
  const leaf = await authority.issue(
    { caId: root.id, commonName: 'a.example', sanDns: ['a.example', '*.b.example'], validityDays: 30 },
    caller,
  )
  await authority.revoke({ certificateId: leaf.certificate.id, reason: 'superseded' }, caller)
  rootPem = root.certificatePem
  leafPem = leaf.certificate.certificatePem
  leafKeyPem = leaf.privateKeyPem ?? ''
  crlDer = (await authority.publishCrl({ caId: root.id }, caller)).der

  const subject = ['-subj', '/O=Evil\u001b[2J/CN=x']
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'rsa.key', '-out', 'a.csr', ...subject)
  openssl('rsa', '-in', 'rsa.key', '-traditional', '-aes128', '-passout', 'pass:secret', '-out', 'legacy.key')
  openssl('pkcs8', '-topk8', '-in', 'rsa.key', '-passout', 'pass:secret', '-out', 'sealed.key')
  openssl('pkey', '-in', 'rsa.key', '-pubout', '-outform', 'DER', '-out', 'public.der')
  openssl('pkey', '-in', 'rsa.key', '-outform', 'DER', '-out', 'pkcs8.der')
  const k1 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-nodes', '-keyout', 'k1.key']
  openssl('req', '-x509', ...k1, '-subj', '/CN=k1', '-sha1', '-addext', '1.2.3.4=DER:0500', '-out', 'k1.pem')
}, 30_000)

afterAll(() => rmSync(folder, { recursive: true }))

describe('what inspect shows', () => {
  it('of a certificate: names, validity, key, and each extension by name', () => {
    const { kind, fields } = described(inspect(leafPem)[0])
    expect(kind).toBe('certificate')
    expect(fields).toMatchObject({
      version: 3,
      subject: 'CN=a.example',
      issuer: 'CN=Root',
      validity: 'expires in 30 days',
      publicKey: { algorithm: 'ECDSA-P256', bits: 256 },
      signatureAlgorithm: 'ECDSA-SHA256',
    })
    expect(extension(fields, 'subjectAltName')).toEqual(['DNS:a.example', 'DNS:*.b.example'])
    expect(extension(fields, 'basicConstraints')).toMatchObject({ ca: false })
    expect(extension(fields, 'extendedKeyUsage')).toEqual(['serverAuth', 'clientAuth'])
    expect(extension(fields, 'cRLDistributionPoints')).toEqual([
      { names: [expect.stringContaining('URI:http://pki.test/crl/')] },
    ])
  })

  it('of a certificate, for people', () => {
    const shown = text(leafPem)
    expect(shown).toContain('x, block 1 ("CERTIFICATE", line 1): certificate\n')
    expect(shown).toMatch(/^ {2}not after {2,}2026-07-01T/m)
    expect(shown).toMatch(/^ {4}keyUsage, critical {2,}digitalSignature/m)
    expect(shown).toMatch(/^ {4}subjectAltName {2,}DNS:a\.example, DNS:\*\.b\.example$/m)
  })

  it('agrees with openssl on the fingerprint', () => {
    const der = pemDecode(leafPem, 'CERTIFICATE')
    const args = ['x509', '-inform', 'DER', '-noout', '-fingerprint', '-sha256']
    const [, fingerprint = ''] = execFileSync('openssl', args, { input: der }).toString().trim().split('=')
    const { fields } = described(inspect(der)[0])
    expect(fields['sha256Fingerprint']).toBe(fingerprint.replaceAll(':', '').toLowerCase())
  })

  it('of a CRL: its entries', () => {
    const { kind, fields } = described(inspect(crlDer)[0])
    expect(kind).toBe('crl')
    expect(fields).toMatchObject({
      revokedCount: 1,
      revoked: [{ revocationDate: '2026-06-01T12:00:00Z', reason: 'superseded' }],
    })
  })

  it('of a long list no more than 20 structures to people, and all of them to programs', () => {
    const revoked = Array.from({ length: 25 }, (_, i) => ({ serialNumber: `${i}`, reason: 'superseded' }))
    const shown = renderItem({ source: { file: 'x' }, kind: 'crl', fields: { revoked } })
    expect(shown.match(/superseded/g)).toHaveLength(20)
    expect(shown).toContain('… and 5 more: --json has them all')
  })

  it('of a request, with its escape sequence made harmless', () => {
    expect(described(inspect(made('a.csr'))[0]).kind).toBe('certificateRequest')
    const shown = text(made('a.csr'))
    expect(shown).toContain('subject')
    expect(shown).toContain('RSA-2048')
    expect(shown).not.toContain('\u001b')
  })

  it('of OCSP messages without a label', () => {
    openssl('x509', '-in', 'k1.pem', '-out', 'issuer.pem')
    openssl('ocsp', '-issuer', 'issuer.pem', '-cert', 'k1.pem', '-reqout', 'request.der')
    const request = described(inspect(made('request.der'))[0])
    expect(request.kind).toBe('ocspRequest')
    expect(request.fields['requests']).toMatchObject([{ hashAlgorithm: 'SHA-1' }])
    expect(described(inspect(Uint8Array.of(0x30, 3, 0x0a, 1, 6))[0])).toMatchObject({
      kind: 'ocspResponse',
      fields: { status: 'unauthorized' },
    })
  })

  it('of keys and algorithms that the library refuses: what they are', () => {
    const { fields } = described(inspect(made('k1.pem'))[0])
    expect(fields['publicKey']).toMatchObject({ problem: expect.stringContaining('secp256k1') })
    expect(fields['signatureAlgorithm']).toBe('ECDSA with SHA-1 (1.2.840.10045.4.1), not supported')
    expect(fields['extensions']).toContainEqual({ oid: '1.2.3.4', critical: false, valueDer: '0500' })
    expect(described(inspect(made('public.der'))[0])).toMatchObject({
      kind: 'publicKey',
      fields: { algorithm: 'RSA-2048', exponent: '65537' },
    })
  })

  it.each([
    ['PKCS#8', () => made('rsa.key'), 'rsa 2048'],
    ['PKCS#8 in DER', () => made('pkcs8.der'), 'rsa 2048'],
    ['of an issued certificate', () => leafKeyPem, 'ec prime256v1'],
    ['encrypted PKCS#8', () => made('sealed.key'), 'encrypted'],
    ['encrypted as RFC 1421 has it', () => made('legacy.key'), 'encrypted'],
    ['damaged', () => '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'unknown or encrypted'],
  ])('of a private key, %s: its type alone', (_name, key, type) => {
    expect(described(inspect(key())[0])).toMatchObject({ kind: 'privateKey', fields: { type } })
  })

  it('has a row for every extension that core knows', () => {
    const malformed = { critical: false, valueDer: Uint8Array.of(0xff) }
    for (const { oid, name } of knownExtensions.values()) {
      expect(() => describeExtensions([{ ...malformed, oid }])).toThrow(`Cannot read extension ${name}:`)
    }
  })
})

describe('what inspect cannot read', () => {
  it('spoils only its own block, which is named with its line', () => {
    const cut = leafPem.slice(0, 200)
    const items = inspect(`some text\n${rootPem}${cut}\n${rootPem.replace('MII', 'M!I')}${leafPem}`)
    expect(items.map((item) => ('error' in item ? item.error.code : item.kind))).toEqual([
      'certificate',
      'invalid_encoding',
      'invalid_encoding',
      'certificate',
    ])
    const lines = `some text\n${rootPem}`.split('\n').length
    expect(items[1]?.source).toEqual({ file: 'x', block: 2, label: 'CERTIFICATE', line: lines })
  })

  it('is told with the offset', () => {
    const der = pemDecode(rootPem, 'CERTIFICATE')
    expect(inspect(der.subarray(0, 100))).toEqual([
      {
        source: { file: 'x' },
        error: { code: 'invalid_der', offset: 0, message: expect.stringContaining('octets') },
      },
    ])
    const trailing = pemEncode('CERTIFICATE', Uint8Array.of(...der, 0))
    expect(inspect(trailing)).toMatchObject([{ error: { code: 'invalid_der', offset: der.length } }])
  })

  it('is neither PEM nor DER', () => {
    for (const bytes of ['', 'hello', '0', '-----BEGIN nothing-----']) {
      expect(inspect(bytes)).toMatchObject([{ error: { message: expect.stringContaining('neither') } }])
    }
  })
})
