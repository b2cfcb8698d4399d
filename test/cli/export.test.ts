import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { afterAll, describe, expect, it } from 'vitest'

/*
 * `certwright export`, as it is built, on a certificate of our own; OpenSSL opens what comes out.
 */

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'certwright-export-'))
const file = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const password = 'a password with spaces'
await makeMaterial()

async function makeMaterial(): Promise<void> {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const me = { principal: operator('tests') }
  const root = await authority.createRoot({ name: 'Export Root' }, me)
  const ca = await authority.createIntermediate({ name: 'Export Issuing', parentCaId: root.id }, me)
  const issued = await authority.issue({ caId: ca.id, commonName: 'export.example.org' }, me)
  writeFileSync(file('leaf.pem'), issued.certificate.certificatePem)
  writeFileSync(file('leaf.key'), issued.privateKeyPem ?? '')
  writeFileSync(file('chain.pem'), (await authority.chain(ca.id, me)).join(''))
  writeFileSync(file('password'), `${password}\n`)
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'export', ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const openssl = (...args: readonly string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })

const inputs = ['--certificate', file('leaf.pem'), '--key', file('leaf.key'), '--chain', file('chain.pem')]
const secret = ['--password-file', file('password')]

describe('certwright export', () => {
  it('makes a PKCS#12 that OpenSSL opens with the password, for its owner alone', () => {
    const out = file('leaf.p12')
    expect(run('--format', 'p12', '--out', out, ...inputs, ...secret, '--name', 'export')).toMatchObject({
      status: 0,
    })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const text = openssl('pkcs12', '-in', out, '-passin', `pass:${password}`, '-noenc')
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(3)
    expect(text).toContain('friendlyName: export')
    expect(text).toContain('BEGIN PRIVATE KEY')
  })

  it('makes a PKCS#7 that OpenSSL prints, for everybody', () => {
    const out = file('leaf.p7b')
    expect(run('--format', 'p7b', '--out', out, ...inputs.slice(0, 2), ...inputs.slice(4))).toMatchObject({
      status: 0,
    })
    expect(statSync(out).mode & 0o077).not.toBe(0)
    expect(openssl('pkcs7', '-in', out, '-print_certs').match(/subject=/g)).toHaveLength(3)
  })

  it('makes a PEM bundle: key, certificate, issuers', () => {
    const out = file('bundle.pem')
    expect(run('--format', 'pem', '--out', out, ...inputs)).toMatchObject({ status: 0 })
    expect(readFileSync(out, 'utf8').match(/BEGIN [A-Z ]+/g)).toEqual([
      'BEGIN PRIVATE KEY',
      ...Array.from({ length: 3 }, () => 'BEGIN CERTIFICATE'),
    ])
    expect(statSync(out).mode & 0o777).toBe(0o600)
  })

  it('encrypts a key, and takes an encrypted one back', () => {
    const sealed = file('sealed.key')
    expect(run('--format', 'key', '--out', sealed, '--key', file('leaf.key'), ...secret)).toMatchObject({
      status: 0,
    })
    expect(openssl('pkey', '-in', sealed, '-passin', `pass:${password}`)).toBe(
      readFileSync(file('leaf.key'), 'utf8'),
    )
    const again = file('again.pem')
    const opened = ['--key', sealed, '--key-password-file', file('password')]
    expect(run('--format', 'pem', '--out', again, ...inputs.slice(0, 2), ...opened)).toMatchObject({
      status: 0,
    })
    expect(readFileSync(again, 'utf8')).toContain(readFileSync(file('leaf.key'), 'utf8'))
  })

  it.each([
    ['no format', [], 2, 'name a format with --format: p12, p7b, pem, key'],
    ['no file to write', ['--format', 'pem'], 2, 'name the file to write with --out'],
    [
      'a format without what it needs',
      ['--format', 'p12', '--out', file('x'), ...inputs],
      2,
      'needs --password-file',
    ],
    [
      'a file that is not there',
      ['--format', 'pem', '--out', file('x'), '--certificate', file('none')],
      1,
      'no such file',
    ],
    ['a file that exists', ['--format', 'pem', '--out', file('leaf.pem'), ...inputs], 1, 'it exists'],
    [
      'a wrong password',
      [
        '--format',
        'key',
        '--out',
        file('x'),
        '--key',
        file('sealed.key'),
        '--key-password-file',
        file('leaf.pem'),
      ],
      1,
      'wrong',
    ],
  ])('refuses %s in one sentence', (_, args, status, sentence) => {
    const result = run(...args)
    expect(result.stderr).toContain(sentence)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(result).toMatchObject({ status, stdout: '' })
  })
})
