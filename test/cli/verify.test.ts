import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAuthority, operator, pemEncode } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/* The built command, and OpenSSL on the same files: where both are asked the same question, both say the same. */

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const me = { principal: operator('tests') }
const at = new Date(Date.now() + 3_600_000)
let folder: string
const path = (name: string): string => join(folder, name)

const pem = (list: readonly Uint8Array[]): string => list.map((der) => pemEncode('X509 CRL', der)).join('')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-verify-'))
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const root = await authority.createRoot({ name: 'Verify Root' }, me)
  const ca = await authority.createIntermediate(
    { name: 'Verify CA', parentCaId: root.id, nameConstraints: { permitted: { dns: ['example.org'] } } },
    me,
  )
  const { certificate } = await authority.issue({ caId: ca.id, commonName: 'db.example.org' }, me)
  const other = await authority.createRoot({ name: 'Other Root' }, me)
  writeFileSync(path('root.pem'), root.certificatePem)
  writeFileSync(path('other.pem'), other.certificatePem)
  writeFileSync(path('ca.pem'), ca.certificatePem)
  writeFileSync(path('leaf.pem'), certificate.certificatePem)
  writeFileSync(path('chain.pem'), certificate.certificatePem + ca.certificatePem)
  const lists = async () => [(await authority.crl(ca.id)).der, (await authority.crl(root.id)).der]
  writeFileSync(path('good.crl'), pem(await lists()))
  await authority.revoke({ certificateId: certificate.id, reason: 'keyCompromise' }, me)
  writeFileSync(path('revoked.crl'), pem(await lists()))
})
afterAll(() => rmSync(folder, { recursive: true }))

function verify(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, 'verify', '--at', at.toISOString(), ...args],
    { cwd: folder, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

function openssl(...args: string[]): boolean {
  try {
    const time = String(Math.floor(at.getTime() / 1000))
    execFileSync('openssl', ['verify', '-attime', time, ...args], { cwd: folder, stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

describe('certwright verify', () => {
  const rows: [string, number, string[], string[]][] = [
    [
      'a chain to its root',
      0,
      ['chain.pem', '--anchors', 'root.pem'],
      ['-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'leaf.pem'],
    ],
    [
      'its name',
      0,
      ['chain.pem', '--anchors', 'root.pem', '--name', 'db.example.org'],
      ['-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-verify_hostname', 'db.example.org', 'leaf.pem'],
    ],
    [
      'another name',
      1,
      ['chain.pem', '--anchors', 'root.pem', '--name', 'example.org'],
      ['-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-verify_hostname', 'example.org', 'leaf.pem'],
    ],
    [
      'another root',
      1,
      ['chain.pem', '--anchors', 'other.pem'],
      ['-CAfile', 'other.pem', '-untrusted', 'ca.pem', 'leaf.pem'],
    ],
    ['no intermediate', 1, ['leaf.pem', '--anchors', 'root.pem'], ['-CAfile', 'root.pem', 'leaf.pem']],
    [
      'lists without it',
      0,
      ['chain.pem', '--anchors', 'root.pem', '--crls', 'good.crl'],
      ['-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-CRLfile', 'good.crl', '-crl_check_all', 'leaf.pem'],
    ],
    [
      'lists with it',
      1,
      ['chain.pem', '--anchors', 'root.pem', '--crls', 'revoked.crl'],
      [
        '-CAfile',
        'root.pem',
        '-untrusted',
        'ca.pem',
        '-CRLfile',
        'revoked.crl',
        '-crl_check_all',
        'leaf.pem',
      ],
    ],
  ]
  it.each(rows)('%s: exit code %s, as OpenSSL', (_, status, args, judge) => {
    expect(verify(...args)).toMatchObject({ status, stderr: '' })
    expect(openssl(...judge)).toBe(status === 0)
  })

  it('shows the path as a tree, and the fault where it is', () => {
    const { stdout } = verify('chain.pem', '--anchors', 'root.pem', '--crls', 'revoked.crl')
    const lines = stdout
      .replace(/serial [0-9a-f]+, until [-0-9]+/g, '…')
      .replace(/at 2[-0-9T:]+Z/g, 'at …')
      .split('\n')
    expect(lines).toEqual([
      'not valid: "CN=db.example.org" was revoked at … (keyCompromise) (RFC 5280 §6.3)',
      '',
      '✓ CN=Verify Root …',
      '└─ ✓ CN=Verify CA …',
      '   └─ ✗ CN=db.example.org …',
      '         "CN=db.example.org" was revoked at … (keyCompromise) (RFC 5280 §6.3)',
      '',
    ])
  })

  it('gives the same as JSON', () => {
    const { stdout } = verify('chain.pem', '--anchors', 'other.pem', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, faults: [{ fault: 'unknown_issuer', depth: 1 }] })
  })

  it.each([
    ['no anchors', ['chain.pem'], 2, 'name the file of the CAs that you trust with --anchors'],
    ['no file', ['--anchors', 'root.pem'], 2, 'name one file with the certificate'],
    [
      'a time that is none',
      ['chain.pem', '--anchors', 'root.pem', '--profile', 'x'],
      2,
      '--profile is rfc5280 or webpki',
    ],
    ['a file that is not there', ['no.pem', '--anchors', 'root.pem'], 1, 'there is no such file'],
  ])('refuses %s in one sentence', (_, args, status, sentence) => {
    const { status: code, stderr } = verify(...args)
    expect(code).toBe(status)
    expect(stderr).toContain(sentence)
    expect(stderr.split('\n')).toHaveLength(2)
  })
})
