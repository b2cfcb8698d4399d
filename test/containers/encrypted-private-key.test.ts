import { decryptPrivateKey, encryptPrivateKey } from '@certwright/containers'
import { pemDecode, pemEncode } from '@certwright/core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openssl, opensslMakes } from '../judges/openssl.js'
import { asHost, issued, newAuthority, refusal, withInteger } from './setting.js'

const text = (octets: Uint8Array): string => new TextDecoder().decode(octets)

let pkcs8Der: Uint8Array
let privateKeyPem: string

beforeAll(async () => {
  ;({ pkcs8Der, privateKeyPem } = await issued())
})

/** Encrypted by OpenSSL: quickly, where nothing else is asked. */
async function byOpenssl(...options: readonly string[]): Promise<Uint8Array> {
  const command = [
    'pkcs8',
    '-topk8',
    '-in',
    'k.pem',
    '-outform',
    'DER',
    '-out',
    'e.der',
    '-passout',
    'pass:secret',
  ]
  const { 'e.der': der } = await opensslMakes(['e.der'], [[...command, ...options]], {
    'k.pem': privateKeyPem,
  })
  return der
}

describe('encryptPrivateKey', () => {
  it('writes what OpenSSL opens, as PEM and as DER', async () => {
    const { pem, der } = await encryptPrivateKey(privateKeyPem, 'secret')
    const args = ['pkey', '-passin', 'pass:secret', '-in', 'k']
    expect(await openssl(args, { k: pem })).toContain(privateKeyPem)
    expect(await openssl([...args, '-inform', 'DER'], { k: der })).toContain(privateKeyPem)
  })

  it('uses PBES2, AES-256-CBC and PBKDF2-HMAC-SHA256 with 600,000 iterations and a new salt', async () => {
    const [one, two] = [
      await encryptPrivateKey(pkcs8Der, 'secret'),
      await encryptPrivateKey(pkcs8Der, 'secret'),
    ]
    expect(one.pem).not.toBe(two.pem)
    const text = await openssl(['asn1parse', '-inform', 'DER', '-in', 'k'], { k: one.der })
    for (const part of [':PBES2', ':PBKDF2', ':hmacWithSHA256', ':aes-256-cbc', ':0927C0'])
      expect(text).toContain(part)
  })

  it('takes a password in any script, not normalized (RFC 8018 §3), as OpenSSL does', async () => {
    const password = 'пароль 🔑 e\u0301'
    const { der } = await encryptPrivateKey(pkcs8Der, password)
    const args = ['pkey', '-inform', 'DER', '-in', 'k', '-passin', `pass:${password}`]
    expect(await openssl(args, { k: der })).toContain(privateKeyPem)
    expect(await refusal(() => decryptPrivateKey(der, password.normalize('NFC')))).toBe('wrong_password')
  })

  it.each([
    ['is empty', ''],
    ['has a NUL', 'a\0b'],
    ['has half of a surrogate pair', 'a\ud800'],
    ['has 1,025 characters', 'a'.repeat(1025)],
  ])('refuses a password that %s', async (_, password) => {
    expect(await refusal(() => encryptPrivateKey(pkcs8Der, password))).toBe('invalid_request')
  })

  it('leaves the key of the caller as it is', async () => {
    const own = Uint8Array.from(pkcs8Der)
    await encryptPrivateKey(own, 'secret')
    expect(own).toEqual(pkcs8Der)
  })
})

describe('decryptPrivateKey', () => {
  it.each([
    ['as OpenSSL 3 does by default', []],
    ['AES-128', ['-v2', 'aes-128-cbc']],
    ['AES-192', ['-v2', 'aes-192-cbc']],
    ['HMAC with SHA-1, which DER leaves out', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA1']],
    ['HMAC with SHA-384', ['-v2prf', 'hmacWithSHA384']],
    ['HMAC with SHA-512', ['-v2prf', 'hmacWithSHA512']],
    ['3DES in PBES2', ['-v2', 'des3', '-v2prf', 'hmacWithSHA1']],
    ['scrypt (RFC 7914)', ['-scrypt']],
  ])('reads %s', async (_, options) => {
    const der = await byOpenssl(...options)
    expect(await decryptPrivateKey(der, 'secret')).toEqual(pkcs8Der)
    expect(await decryptPrivateKey(pemEncode('ENCRYPTED PRIVATE KEY', der), 'secret')).toEqual(pkcs8Der)
  })

  it('takes every password that OpenSSL does, the empty one too', async () => {
    const passwords = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'))
    await fc.assert(
      fc.asyncProperty(passwords, async (password) => {
        const der = await byOpenssl('-iter', '1', '-passout', `pass:${password}`)
        expect(await decryptPrivateKey(der, password)).toEqual(pkcs8Der)
      }),
      { numRuns: 15, examples: [[''], ['пароль 🔑']] },
    )
  })

  it('reads a key of version 2 with its public key (RFC 5958 §2)', async () => {
    const seed = new Uint8Array(32).fill(7)
    const pkcs8Header = [0x30, 0x51, 2, 1, 1, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
    const publicKeyHeader = [0x81, 0x21, 0]
    const v2 = Uint8Array.of(...pkcs8Header, ...seed, ...publicKeyHeader, ...seed)
    const { der } = await encryptPrivateKey(v2, 'secret')
    expect(await decryptPrivateKey(der, 'secret')).toEqual(v2)
  })

  it('brings a CA that was made elsewhere into an authority, which issues from it', async () => {
    const subject = [
      '-subj',
      '/CN=Made Elsewhere',
      '-days',
      '30',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ]
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-keyout',
      'key',
      '-passout',
      'pass:secret',
    ]
    const command = ['req', '-x509', '-config', 'conf', ...key, ...subject, '-out', 'certificate']
    const conf =
      '[req]\ndistinguished_name=dn\nx509_extensions=ca\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\n'
    const made = await opensslMakes(['key', 'certificate'], [command], { conf })
    const authority = newAuthority()
    const privateKey = await decryptPrivateKey(text(made.key), 'secret')
    const request = { name: 'Made Elsewhere', certificate: text(made.certificate), privateKey }
    const ca = await authority.importCa(request, asHost)
    const { certificate } = await authority.issue(
      { caId: ca.id, commonName: 'a.example.org', validityDays: 7 },
      asHost,
    )
    const files = { ca: ca.certificatePem, c: certificate.certificatePem }
    expect(await openssl(['verify', '-CAfile', 'ca', 'c'], files)).toBe('c: OK\n')
  })

  it('refuses a wrong password as one, however the padding falls', async () => {
    const der = await byOpenssl('-iter', '1')
    const guesses = Array.from({ length: 600 }, (_, i) => `guess ${i}`)
    const codes = await Promise.all(guesses.map((guess) => refusal(() => decryptPrivateKey(der, guess))))
    expect(new Set(codes)).toEqual(new Set(['wrong_password']))
  })

  it.each([['3DES in the scheme of PKCS#12', ['-v1', 'PBE-SHA1-3DES']]])(
    'refuses %s and says how to convert it',
    async (_, options) => {
      const der = await byOpenssl(...options)
      await expect(decryptPrivateKey(der, 'secret')).rejects.toMatchObject({
        code: 'unsupported_algorithm',
        message: expect.stringContaining('convert it with "openssl pkcs8 -topk8 -v2 aes-256-cbc'),
      })
    },
  )

  it.each([
    [
      '2^31 - 1 iterations of PBKDF2',
      ['-iter', '4097'],
      { from: 4097, to: 2 ** 31 - 1 },
      'invalid_structure',
    ],
    ['no iteration of PBKDF2', ['-iter', '4097'], { from: 4097, to: 0 }, 'invalid_structure'],
    ['1 GiB of memory for scrypt', ['-scrypt'], { from: 16384, to: 2 ** 20 }, 'request_too_large'],
    ['an N of scrypt that is no power of two', ['-scrypt'], { from: 16384, to: 16383 }, 'invalid_structure'],
    ['a p of scrypt beyond reason', ['-scrypt'], { from: 1, to: 1000 }, 'request_too_large'],
  ])('refuses a file that asks for %s, at once', async (_, options, change, code) => {
    const der = withInteger(await byOpenssl(...options), change)
    expect(await refusal(() => decryptPrivateKey(der, 'secret'))).toBe(code)
  })

  it.each([
    ['one for each iteration of PBKDF2', ['-iter', '1000'], () => 1000],
    ['four for each block of scrypt', ['-scrypt'], () => 4 * 16384 * 8 * 1],
    [
      '125 for each octet under 3DES',
      ['-iter', '1', '-v2', 'des3'],
      () => 1 + 125 * 8 * Math.floor(pkcs8Der.length / 8 + 1),
    ],
  ])('counts as work %s, and does no more than the caller allows', async (_, options, work) => {
    const der = await byOpenssl(...options)
    expect(await decryptPrivateKey(der, 'secret', { maximumWork: work() })).toEqual(pkcs8Der)
    const tooLittle = { maximumWork: work() - 1 }
    expect(await refusal(() => decryptPrivateKey(der, 'secret', tooLittle))).toBe('request_too_large')
  })

  it.each([0, 1.5, Number.NaN, 2 ** 23 + 1])('takes no limit of %d', async (maximumWork) => {
    await expect(decryptPrivateKey(pkcs8Der, 'secret', { maximumWork })).rejects.toThrow(RangeError)
  })

  it('refuses what is no encrypted key', async () => {
    expect(await refusal(() => decryptPrivateKey(pkcs8Der, 'secret'))).toBe('invalid_structure')
    expect(await refusal(() => decryptPrivateKey(privateKeyPem, 'secret'))).toBe('invalid_encoding')
    expect(await refusal(() => decryptPrivateKey(new Uint8Array(), 'secret'))).toBe('invalid_der')
  })

  it('answers every damage with an error of its own or with a key, never with another error', async () => {
    const der = await byOpenssl('-iter', '1')
    const damage = fc.record({ at: fc.nat(der.length - 1), octet: fc.nat(255), cut: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, octet, cut }) => {
        const damaged = der.slice(0, der.length - cut)
        damaged[at] = octet
        await refusal(() => decryptPrivateKey(damaged, 'secret'))
      }),
      { numRuns: 500 },
    )
  })

  it('takes a time that is none for damage', async () => {
    const der = await byOpenssl('-iter', '1')
    const at = der.indexOf(0x04) // the salt becomes a GeneralizedTime
    der[at] = 0x18
    expect(await refusal(() => decryptPrivateKey(der, 'secret'))).toBe('invalid_der')
  })

  it('refuses any prefix and any octet behind the end (X.690 §10.1)', async () => {
    const der = await byOpenssl('-iter', '1')
    for (let length = 0; length < der.length; length++) {
      expect(await refusal(() => decryptPrivateKey(der.subarray(0, length), 'secret'))).toBe('invalid_der')
    }
    expect(await refusal(() => decryptPrivateKey(Uint8Array.of(...der, 0), 'secret'))).toBe('invalid_der')
  })

  it('tells nothing of key or password in its errors', async () => {
    const pem = pemEncode('ENCRYPTED PRIVATE KEY', await byOpenssl('-iter', '1'))
    const error = await decryptPrivateKey(pem, 'hunter2').catch((error: unknown) => error)
    expect(JSON.stringify(error) + String(error)).not.toMatch(/hunter2|[A-Za-z0-9+/]{20}/)
    expect(pemDecode(pem, 'ENCRYPTED PRIVATE KEY')).toBeInstanceOf(Uint8Array)
  })
})
