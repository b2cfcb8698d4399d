import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, get, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { accessMethods, authorityInfoAccess, findExtension, parseCertificate } from '@certwright/core'
import { verifyCertificate } from '@certwright/core/path'
import { afterEach, describe, expect, it } from 'vitest'
import { flipBit } from '../forge/alter-octets.js'
import { type MiniCa, type MiniCaOptions, miniCa } from './mini-ca.js'
import type { MiniLeaf } from './mini-leaf.js'

const at = new Date('2026-06-01T12:00:00Z')

async function faultOf(ca: MiniCa, leaf: MiniLeaf, time = at): Promise<string> {
  const { fetch } = ca
  const verdict = await verifyCertificate(
    {
      certificate: leaf.certificatePem,
      intermediates: ca.cas.slice(1).map(({ der }) => der),
      trustAnchors: [ca.rootPem],
      at: time,
      identity: { type: 'dns', value: leaf.name },
      revocation: 'hard-fail',
      strict: true,
    },
    {
      async fetchRevocation({ crlUris }) {
        const crls = crlUris.map(async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer()))
        return { crls: await Promise.all(crls) }
      },
    },
  )
  return verdict.ok ? 'valid' : (verdict.faults[0]?.fault ?? '')
}

describe('a leaf', () => {
  it.each<[string, MiniCaOptions]>([
    ['of a CA without a time', {}],
    ['of a CA at a time', { at }],
    ['below the root', { intermediates: 0 }],
    ['below three CAs', { intermediates: 3 }],
    ['by Ed25519', { algorithm: 'Ed25519' }],
    ['by P-384', { algorithm: 'ECDSA-P384' }],
  ])('%s is valid, expired, not yet valid or revoked', async (_, options) => {
    const ca = await miniCa(options)
    expect(await faultOf(ca, ca.leaf('api.internal'))).toBe('valid')
    expect(await faultOf(ca, ca.expired())).toBe('expired')
    expect(await faultOf(ca, ca.notYetValid())).toBe('not_yet_valid')
    expect(await faultOf(ca, ca.revoked())).toBe('revoked')
    const lost = ca.leaf('lost.internal')
    expect(await faultOf(ca, lost)).toBe('valid')
    ca.revoke(lost)
    expect(await faultOf(ca, lost)).toBe('revoked')
  })

  it('has what it is told, right or wrong', async () => {
    const ca = await miniCa()
    const names = new X509Certificate(ca.leaf('::1', { names: ['a.test', '2001:db8::1:0:2'] }).certificatePem)
    expect(names.subjectAltName).toBe('IP Address:0:0:0:0:0:0:0:1, DNS:a.test, DNS:2001:db8::1:0:2')
    expect(names.checkIP('::1')).toBe('::1')
    const ip = new X509Certificate(ca.leaf('2001:db8::a:0:2').certificatePem)
    expect(ip.checkIP('2001:db8:0:0:0:a:0:2')).toBe('2001:db8:0:0:0:a:0:2')
    expect(new X509Certificate(ca.leaf('127.0.0.1').certificatePem).checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(new X509Certificate(ca.clientLeaf('alice@test').certificatePem).checkEmail('alice@test')).toBe(
      'alice@test',
    )
    expect(await faultOf(ca, ca.leaf('a.test', { alterSignature: flipBit(-1) }))).toBe('signature_invalid')
  })

  it('has a key and a serial number of its own, whatever its name', async () => {
    for (const ca of [await miniCa(), await miniCa({ seed: 'twice' })]) {
      const [one, other] = [ca.leaf('a.test'), ca.leaf('a.test')]
      expect(one.serialNumber).not.toBe(other.serialNumber)
      expect(one.privateKeyPem).not.toBe(other.privateKeyPem)
    }
  })

  it('of another CA cannot be revoked', async () => {
    const [ca, other] = [await miniCa(), await miniCa()]
    expect(() => ca.revoke(other.leaf('a.test'))).toThrow(
      new RangeError('revoke: expected a leaf of this CA'),
    )
  })
})

it.each([
  [{ intermediates: 9 }, 'intermediates: expected 0 to 8, got 9'],
  [{ at: new Date(Number.NaN) }, 'at: expected a time from 1970 to 2100'],
])('refuses %o', async (options, message) => {
  await expect(miniCa(options)).rejects.toThrow(new RangeError(message))
})

function call(port: number, options: object): Promise<string> {
  const where = { host: '127.0.0.1', port, servername: 'localhost', agent: false, ...options }
  return new Promise((resolve, reject) => {
    get(where, (response) => response.setEncoding('utf8').on('data', resolve)).on('error', reject)
  })
}

/** By an alert, or by a connection that is cut before the alert is read. */
const refusal = /alert|ECONNRESET|EPIPE|socket hang up|socket disconnected/i

describe('over TLS', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  async function portOf(options: object): Promise<number> {
    const server = createServer(options, (_, response) => response.end('hello'))
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  it.each<[string, MiniCaOptions]>([
    ['P-256', {}],
    ['Ed25519', { algorithm: 'Ed25519' }],
    ['a seed', { seed: 'tls' }],
    ['two intermediates', { intermediates: 2 }],
  ])('a server is trusted by who trusts the root, and by nobody else: %s', async (_, options) => {
    const ca = await miniCa(options)
    const port = await portOf(ca.leaf('localhost').server)
    expect(await call(port, ca.client)).toBe('hello')
    await expect(call(port, {})).rejects.toMatchObject({ code: expect.stringMatching(/UNABLE|SELF_SIGNED/) })
    await expect(call(port, { ...ca.client, servername: 'other.test' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    await expect(call(await portOf(ca.expired('localhost').server), ca.client)).rejects.toMatchObject({
      code: 'CERT_HAS_EXPIRED',
    })
    await expect(call(await portOf(ca.notYetValid('localhost').server), ca.client)).rejects.toMatchObject({
      code: 'CERT_NOT_YET_VALID',
    })
  })

  it('a mutual server takes clients of the CA, and nobody else', async () => {
    const ca = await miniCa()
    const port = await portOf(ca.leaf('localhost').mutualServer)
    expect(await call(port, ca.clientLeaf('alice').client)).toBe('hello')
    await expect(call(port, ca.client)).rejects.toThrow(refusal)
    const stranger = (await miniCa()).clientLeaf('mallory').server
    await expect(call(port, { ...ca.client, ...stranger })).rejects.toThrow(refusal)
  })
})

describe('fetch', () => {
  it('answers for its own addresses and reaches no others', async () => {
    const ca = await miniCa()
    const leaf = parseCertificate(ca.leaf('a.test').der)
    const access = findExtension(leaf.extensions, authorityInfoAccess) ?? []
    const issuer = access.find(({ accessMethod }) => accessMethod === accessMethods.caIssuers)
    const { value: url } = { value: '', ...issuer?.accessLocation }
    const response = await ca.fetch(url)
    expect(response.headers.get('content-type')).toBe('application/pkix-cert')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(ca.cas[1]?.der)

    const statusOf = async (path: string, init?: RequestInit) =>
      (await ca.fetch(`http://pki.test${path}`, init)).status
    expect(await statusOf('/crl/0')).toBe(200)
    expect(await statusOf('/crl/2')).toBe(404)
    expect(await statusOf('/nothing/0')).toBe(404)
    expect(await statusOf('/crl/0/more')).toBe(404)
    expect(await statusOf('/')).toBe(404)
    expect(await statusOf('/crl/0', { method: 'POST' })).toBe(405)
    expect(await statusOf('/ocsp/0')).toBe(405)
    await expect(ca.fetch('http://example.org/crl/0')).rejects.toThrow(TypeError)
  })

  it('answers OCSP as openssl asks it, by POST and by GET', async () => {
    const ca = await miniCa()
    const folder = await mkdtemp(join(tmpdir(), 'mini-ca-'))
    const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder })
    try {
      const leaves = { good: ca.leaf('good.test'), revoked: ca.revoked() }
      await writeFile(join(folder, 'ca.pem'), ca.chainPem)
      await writeFile(join(folder, 'root.pem'), ca.rootPem)
      for (const [name, leaf] of Object.entries(leaves)) {
        await writeFile(join(folder, `${name}.pem`), leaf.certificatePem)
        await openssl('ocsp', '-issuer', 'ca.pem', '-cert', `${name}.pem`, '-reqout', 'request')
        const body = await readFile(join(folder, 'request'))
        const asked = await ca.fetch('http://pki.test/ocsp/1', { method: 'POST', body })
        const got = await ca.fetch(`http://pki.test/ocsp/1/${encodeURIComponent(body.toString('base64'))}`)
        const response = Buffer.from(await asked.arrayBuffer())
        expect(Buffer.from(await got.arrayBuffer()).equals(response)).toBe(true)
        await writeFile(join(folder, 'response'), response)
        const files = ['-issuer', 'ca.pem', '-cert', `${name}.pem`, '-CAfile', 'root.pem']
        // -no_nonce: openssl would put another nonce into the request that it reads.
        const answer = ['-respin', 'response', '-reqin', 'request', '-no_nonce']
        const { stdout, stderr } = await openssl('ocsp', ...answer, ...files)
        expect(`${stderr}${stdout}`).toMatch(new RegExp(`Response verify OK[^]*${name}.pem: ${name}`))
      }
      const ofAnother = await ca.fetch('http://pki.test/ocsp/0', {
        method: 'POST',
        body: await readFile(join(folder, 'request')),
      })
      expect(Buffer.from(await ofAnother.arrayBuffer()).toString('hex')).toBe('30030a0106')
      const nonsense = await ca.fetch('http://pki.test/ocsp/0', { method: 'POST', body: 'x' })
      expect(Buffer.from(await nonsense.arrayBuffer()).toString('hex')).toBe('30030a0101')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('writeTo', () => {
  it('writes what was made so far, keys for their owner alone, and follows no link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mini-ca-'))
    try {
      const ca = await miniCa({ seed: 'files' })
      const leaf = ca.leaf('*.a.test')
      ca.leaf('*.A.test')
      ca.clientLeaf('../../etc/passwd')
      await symlink(join(folder, 'elsewhere'), join(folder, 'root.pem'))
      const written = await ca.writeTo(folder)
      expect(written.map((path) => path.slice(folder.length + 1))).toEqual([
        'root.pem',
        'chain.pem',
        '_.a.test.pem',
        '_.a.test.key',
        '_.a.test-2.pem',
        '_.a.test-2.key',
        '__.._etc_passwd.pem',
        '__.._etc_passwd.key',
      ])
      expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
      expect(await readFile(join(folder, '_.a.test.pem'), 'utf8')).toBe(leaf.chainPem)
      for (const path of written.filter((one) => one.endsWith('.key'))) {
        expect((await stat(path)).mode & 0o777).toBe(0o600)
      }
      expect(await ca.writeTo(folder)).toEqual(written)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** Everything that a seeded CA makes, in one digest. */
async function digestOf(options: MiniCaOptions): Promise<string> {
  const ca = await miniCa(options)
  const leaves = [ca.leaf('a.test'), ca.leaf('192.0.2.1'), ca.clientLeaf('alice'), ca.expired(), ca.revoked()]
  const hash = createHash('sha256').update(ca.rootPem).update(ca.chainPem)
  for (const leaf of leaves) hash.update(leaf.certificatePem).update(leaf.privateKeyPem)
  hash.update(Buffer.from(await (await ca.fetch('http://pki.test/crl/1')).arrayBuffer()))
  return hash.digest('hex')
}

describe('with a seed', () => {
  it.each<[string, MiniCaOptions, string]>([
    ['P-256', { seed: 'golden' }, '17c7994abf0af5bfe2ceff024f7eed4b019b35532a5b56b449139ca9d5321014'],
    [
      'P-384 at a time',
      { seed: 'golden', algorithm: 'ECDSA-P384', at },
      '3d3b97ef1158e3e472e84f6cc6bf63bd4e9cce82a1752dd500fc7042bd217794',
    ],
    [
      'Ed25519 below two CAs',
      { seed: 'golden', algorithm: 'Ed25519', intermediates: 2 },
      'dc20c60de3dfba549198ee64781d70846b8322c429f104691d21620155ca59b4',
    ],
    [
      'RSA',
      { seed: 'golden', algorithm: 'RSA-2048' },
      'e488f027ed2745af2d3d1777d89ee7366dbb4fa8d69a82b973e53658dbcb6cc3',
    ],
  ])('every byte is the same on every machine: %s', async (_, options, golden) => {
    expect(await digestOf(options)).toBe(golden)
  })

  it('leaves do not depend on the order in which others are made', async () => {
    const [one, other] = [await miniCa({ seed: 's' }), await miniCa({ seed: 's' })]
    one.leaf('first.test')
    expect(one.leaf('a.test').chainPem).toBe(other.leaf('a.test').chainPem)
  })

  it('another seed, and none, make other keys', async () => {
    const roots = [await miniCa({ seed: 'a' }), await miniCa({ seed: 'b' }), await miniCa(), await miniCa()]
    expect(new Set(roots.map(({ rootPem }) => rootPem)).size).toBe(4)
  })
})
