import { createPkcs12, readPkcs12 } from '@certwright/containers'
import { pemEncode } from '@certwright/core'
import * as fc from 'fast-check'
import { Attribute } from 'pkijs'
import { beforeAll, describe, expect, it } from 'vitest'
import { shroudedKeyBag } from '../../packages/containers/src/pkcs12/bags.js'
import { authenticatedSafe, dataSafe, pfxDer } from '../../packages/containers/src/pkcs12/pfx.js'
import { openssl, opensslMakes } from '../judges/openssl.js'
import { hasKeytool, keytool } from './keytool.js'
import { keyUnderScrypt } from './key-under-scrypt.js'
import { indefiniteOctetString, issued, refusal, withInteger } from './setting.js'

let subscriber: Awaited<ReturnType<typeof issued>>
let ours: Uint8Array

beforeAll(async () => {
  subscriber = await issued()
  ours = await createPkcs12({ ...options(), friendlyName: 'Grüße 🔑' })
})

const options = () => ({
  privateKey: subscriber.privateKeyPem,
  certificate: subscriber.certificatePem,
  chain: subscriber.chain,
  password: 'secret1',
})

const quickly = { password: 'secret1', iterations: 1 }

/** Made by OpenSSL, quickly: one iteration. */
async function byOpenssl(...args: readonly string[]): Promise<Uint8Array> {
  const files = {
    k: subscriber.privateKeyPem,
    c: subscriber.certificatePem,
    chain: subscriber.chain.join(''),
  }
  const command = [
    'pkcs12',
    '-export',
    '-inkey',
    'k',
    '-in',
    'c',
    '-certfile',
    'chain',
    '-out',
    'p',
    '-name',
    'a name',
  ]
  const iterations = ['-iter', '1']
  const password = args.includes('-passout') ? [] : ['-passout', 'pass:secret1']
  return (await opensslMakes(['p'], [[...command, ...iterations, ...password, ...args]], files)).p
}

const ders = (certificates: readonly { der: Uint8Array }[]) =>
  certificates.map(({ der }) => Uint8Array.from(der))

describe('createPkcs12', () => {
  it('writes what OpenSSL 3 opens without -legacy: the key, and the chain from the certificate upwards', async () => {
    const text = await openssl(['pkcs12', '-in', 'p', '-info', '-noenc', '-passin', 'pass:secret1'], {
      p: ours,
    })
    expect(text).toContain('MAC: sha256, Iteration 300000')
    expect(text).toContain(
      'PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 300000, PRF hmacWithSHA256',
    )
    expect(text).toContain(
      'Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 300000, PRF hmacWithSHA256',
    )
    expect(text).toContain(subscriber.privateKeyPem)
    expect(text.match(/subject=.*/g)).toEqual([
      'subject=CN = www.example.org',
      'subject=CN = Issuing',
      'subject=CN = Root',
    ])
    expect(text.match(/localKeyID: .*/g)).toHaveLength(2)
  })

  it.skipIf(!hasKeytool)(
    'writes a PrivateKeyEntry with its whole chain for keytool (skipped without Java)',
    { timeout: 60_000 },
    async () => {
      const { text } = await keytool([['-list', '-v']], { 'store.p12': ours })
      expect(text).toContain('Your keystore contains 1 entry')
      expect(text).toContain('Entry type: PrivateKeyEntry')
      expect(text).toContain('Certificate chain length: 3')
      expect(text.match(/Owner: .*/g)).toEqual([
        'Owner: CN=www.example.org',
        'Owner: CN=Issuing',
        'Owner: CN=Root',
      ])
    },
  )

  it('is read back whole, with a name in any script', async () => {
    const { keys, certificates } = await readPkcs12(ours, 'secret1')
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ friendlyName: 'Grüße 🔑', pkcs8Der: subscriber.pkcs8Der })
    expect(keys[0]?.certificate?.der).toEqual(subscriber.certificateDer)
    expect(ders(keys[0]?.chain ?? [])).toEqual(subscriber.chainDer)
    expect(certificates.map(({ friendlyName }) => friendlyName)).toEqual(['Grüße 🔑', undefined, undefined])
  })

  it('takes a password in any script, and so does OpenSSL', async () => {
    const password = 'пароль 🔑 e\u0301'
    const p = await createPkcs12({ ...options(), chain: [], password })
    expect((await readPkcs12(p, password)).keys).toHaveLength(1)
    expect(
      await openssl(['pkcs12', '-in', 'p', '-noenc', '-nocerts', '-passin', `pass:${password}`], { p }),
    ).toContain(subscriber.privateKeyPem)
    expect(await refusal(() => readPkcs12(p, password.normalize('NFC')))).toBe('wrong_password')
  })

  it('refuses what would not work where it is opened', async () => {
    const other = await issued()
    const cases = {
      'the key of another certificate': { ...options(), privateKey: other.privateKeyPem },
      'a chain with a certificate that issued nothing': {
        ...options(),
        chain: [...subscriber.chain, ...other.chain],
      },
      'two certificates for one': { ...options(), certificate: subscriber.chain.join('') },
      'an empty password': { ...options(), password: '' },
      'an empty name': { ...options(), friendlyName: '' },
    }
    const codes = Object.entries(cases).map(async ([name, one]) => [
      name,
      await refusal(() => createPkcs12(one)),
    ])
    expect(Object.fromEntries(await Promise.all(codes))).toEqual({
      'the key of another certificate': 'invalid_key',
      'a chain with a certificate that issued nothing': 'invalid_request',
      'two certificates for one': 'invalid_request',
      'an empty password': 'invalid_request',
      'an empty name': 'invalid_request',
    })
  })
})

describe('readPkcs12', () => {
  it.each([
    ['as OpenSSL 3 writes it', []],
    ['with a MAC by SHA-1', ['-macalg', 'sha1']],
    ['with a MAC by SHA-512', ['-macalg', 'sha512']],
    ['with AES-128 and certificates in the clear', ['-keypbe', 'AES-128-CBC', '-certpbe', 'NONE']],
    ['with the key in the clear', ['-keypbe', 'NONE']],
  ])('reads one %s', async (_, args) => {
    const { keys, certificates } = await readPkcs12(await byOpenssl(...args), 'secret1')
    expect(keys.map(({ pkcs8Der }) => pkcs8Der)).toEqual([subscriber.pkcs8Der])
    expect(keys[0]?.friendlyName).toBe('a name')
    expect(ders(keys[0]?.chain ?? [])).toEqual(subscriber.chainDer)
    expect(certificates).toHaveLength(3)
  })

  it('reads one without a password, which OpenSSL writes with the terminator alone', async () => {
    expect((await readPkcs12(await byOpenssl('-passout', 'pass:'), '')).keys).toHaveLength(1)
  })

  it.skipIf(!hasKeytool)(
    'reads a key store of keytool with two keys and a trusted root (skipped without Java)',
    { timeout: 60_000 },
    async () => {
      const newKey = ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '30']
      const { storeDer } = await keytool(
        [
          [...newKey, '-alias', 'one', '-dname', 'CN=one'],
          [...newKey, '-alias', 'two', '-dname', 'CN=two'],
          ['-importcert', '-noprompt', '-alias', 'root', '-file', 'root.pem'],
        ],
        { 'root.pem': subscriber.chain[0] ?? '' },
      )
      const { keys, certificates } = await readPkcs12(storeDer, 'secret1')
      expect(new Set(keys.map(({ friendlyName }) => friendlyName))).toEqual(new Set(['one', 'two']))
      for (const { pkcs8Der, certificate } of keys) {
        const spki = await openssl(['pkey', '-in', 'k', '-pubout'], { k: pemEncode('PRIVATE KEY', pkcs8Der) })
        expect(spki).toBe(pemEncode('PUBLIC KEY', certificate?.spkiDer ?? new Uint8Array()))
      }
      const names = certificates.map(({ friendlyName }) => friendlyName)
      expect(new Set(names)).toEqual(new Set(['one', 'root', 'two']))
    },
  )

  it('refuses a wrong password', async () => {
    expect(await refusal(async () => readPkcs12(await byOpenssl(), 'secret2'))).toBe('wrong_password')
    expect(await refusal(async () => readPkcs12(await byOpenssl(), ''))).toBe('wrong_password')
  })

  it('refuses 3DES and says how to convert it', async () => {
    const des = await byOpenssl('-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1')
    await expect(readPkcs12(des, 'secret1')).rejects.toMatchObject({
      code: 'unsupported_algorithm',
      context: { algorithm: 'pbeWithSHAAnd3-KeyTripleDES-CBC' },
      message: expect.stringContaining('openssl pkcs12 -legacy'),
    })
  })

  it('refuses one without a MAC: who can write to it could change what is decrypted', async () => {
    expect(await refusal(async () => readPkcs12(await byOpenssl('-nomac'), 'secret1'))).toBe(
      'invalid_structure',
    )
  })

  it('refuses a MAC that takes millions of iterations, at once', async () => {
    const bomb = withInteger(ours, { from: 300_000, to: 2 ** 31 - 1 })
    await expect(readPkcs12(bomb, 'secret1')).rejects.toMatchObject({
      code: 'invalid_structure',
      message: 'Cannot read PKCS#12: its iteration count is not between 1 and 8388607',
    })
    const long = withInteger(ours, { from: 300_000, to: 1_000_001 })
    await expect(readPkcs12(long, 'secret1')).rejects.toMatchObject({
      code: 'request_too_large',
      message:
        "Cannot read PKCS#12: it has 1000001 iterations' worth of work, and 1000000 are the most that are accepted",
    })
  })

  it('does no more work for a file than the caller allows, all of its parts together', async () => {
    const iterations = 1000
    const file = await byOpenssl('-iter', `${iterations}`)
    const { keys } = await readPkcs12(file, 'secret1', { maximumWork: 2 * iterations })
    expect(keys).toHaveLength(1)
    // For its certificates and its key together, and for the MAC, which is in front of both.
    for (const maximumWork of [2 * iterations - 1, iterations - 1]) {
      expect(await refusal(() => readPkcs12(file, 'secret1', { maximumWork }))).toBe('request_too_large')
    }
  })

  it('counts the work of many keys together, of scrypt too', async () => {
    const cost = { N: 1024, r: 8, p: 1 }
    const workOfKey = 4 * cost.N * cost.r * cost.p
    const { pkcs8Der } = subscriber
    const keys = [1, 2, 3].map(() => shroudedKeyBag(keyUnderScrypt(pkcs8Der, 'secret1', cost), {}))
    const file = await pfxDer(authenticatedSafe(dataSafe(keys)), quickly)
    const opened = await readPkcs12(file, 'secret1', { maximumWork: 3 * workOfKey })
    expect(opened.keys.map((key) => key.pkcs8Der)).toEqual([pkcs8Der, pkcs8Der, pkcs8Der])
    await expect(readPkcs12(file, 'secret1', { maximumWork: 3 * workOfKey - 1 })).rejects.toMatchObject({
      code: 'request_too_large',
      context: { count: 3 * workOfKey, maximum: 3 * workOfKey - 1 },
    })
  })

  it('takes a name without a value for none: a key is not lost for a name', async () => {
    const key = shroudedKeyBag(keyUnderScrypt(subscriber.pkcs8Der, 'secret1', { N: 2, r: 1, p: 1 }), {})
    key.bagAttributes = [new Attribute({ type: '1.2.840.113549.1.9.20', values: [] })]
    const file = await pfxDer(authenticatedSafe(dataSafe([key])), quickly)
    expect((await readPkcs12(file, 'secret1')).keys).toMatchObject([
      { pkcs8Der: subscriber.pkcs8Der, friendlyName: undefined },
    ])
  })

  it('refuses BER with a word on it', async () => {
    const ber = Uint8Array.of(0x30, 0x80, ...indefiniteOctetString(ours), 0, 0)
    await expect(readPkcs12(ber, 'secret1')).rejects.toMatchObject({
      code: 'invalid_der',
      message: expect.stringContaining('a length is indefinite: convert it from BER'),
    })
  })

  it('answers every damage with an error of its own', async () => {
    const der = await byOpenssl()
    const damage = fc.record({ at: fc.nat(der.length - 1), change: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, change }) => {
        const damaged = Uint8Array.from(der)
        damaged[at] = (der[at] as number) ^ change
        expect(await refusal(() => readPkcs12(damaged, 'secret1'))).not.toBe('none')
      }),
      // NULL of the MAC's hash becomes an OCTET STRING, which no MAC covers.
      {
        numRuns: 300,
        examples: [[{ at: Buffer.from(der).lastIndexOf('0500', undefined, 'hex'), change: 1 }]],
      },
    )
  })
})
