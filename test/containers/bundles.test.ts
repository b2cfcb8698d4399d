import { createSecureContext } from 'node:tls'
import {
  createCertificateBundle,
  createPemBundle,
  createPkcs12,
  encryptPrivateKey,
  readCertificateBundle,
  readPemBundle,
} from '@certwright/containers'
import { pemDecode, pemEncode } from '@certwright/core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openssl, opensslMakes } from '../judges/openssl.js'
import { hasKeytool, keytool } from './keytool.js'
import { indefiniteOctetString, issued, refusal } from './setting.js'

let subscriber: Awaited<ReturnType<typeof issued>>
let all: string[]

beforeAll(async () => {
  subscriber = await issued()
  all = [subscriber.certificatePem, ...subscriber.chain]
})

const pems = (certificates: readonly { der: Uint8Array }[]) =>
  certificates.map(({ der }) => pemEncode('CERTIFICATE', der))

describe('createCertificateBundle', () => {
  it('writes a PKCS#7 that OpenSSL prints in the order given, as PEM and as DER', async () => {
    const { pem, der } = createCertificateBundle(all)
    for (const args of [
      [pem, 'PEM'],
      [der, 'DER'],
    ] as const) {
      const [p, form] = args
      const text = await openssl(['pkcs7', '-inform', form, '-in', 'p', '-print_certs'], { p })
      expect(text.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n/g)).toEqual(all)
    }
  })

  it.skipIf(!hasKeytool)(
    'is a chain that keytool imports as the reply to a request (skipped without Java)',
    { timeout: 60_000 },
    async () => {
      const store = await createPkcs12({
        privateKey: subscriber.privateKeyPem,
        certificate: subscriber.certificatePem,
        password: 'secret1',
        friendlyName: 'it',
      })
      const files = { 'store.p12': store, 'chain.p7b': createCertificateBundle(all).pem }
      const reply = ['-importcert', '-noprompt', '-alias', 'it', '-file', 'chain.p7b']
      expect((await keytool([reply, ['-list', '-v']], files)).text).toContain('Certificate chain length: 3')
    },
  )

  it('refuses to bundle nothing', async () => {
    expect(await refusal(() => createCertificateBundle([]))).toBe('invalid_structure')
  })
})

describe('readCertificateBundle', () => {
  it('reads its own and what "openssl crl2pkcs7" writes, octet for octet', async () => {
    const command = ['crl2pkcs7', '-nocrl', '-certfile', 'c', '-out', 'p']
    const { p } = await opensslMakes(['p'], [command], { c: all.join('') })
    const theirs = new TextDecoder().decode(p)
    expect(pems(readCertificateBundle(theirs))).toEqual(all)
    expect(createCertificateBundle(all).der).toEqual(pemDecode(theirs, 'PKCS7'))
    expect(pems(readCertificateBundle(createCertificateBundle(all).der))).toEqual(all)
  })

  it('reads the certificates of a signed message, whose signature it does not judge', async () => {
    const command = [
      'smime',
      '-sign',
      '-in',
      'm',
      '-signer',
      'c',
      '-inkey',
      'k',
      '-outform',
      'PEM',
      '-out',
      'p',
    ]
    const files = { m: 'hello', c: subscriber.certificatePem, k: subscriber.privateKeyPem }
    const { p } = await opensslMakes(['p'], [command], files)
    expect(pems(readCertificateBundle(new TextDecoder().decode(p)))).toEqual([subscriber.certificatePem])
  })

  it('refuses what holds no certificates, another content, or BER', async () => {
    const { p } = await opensslMakes(['p'], [['crl2pkcs7', '-nocrl', '-outform', 'DER', '-out', 'p']])
    expect(await refusal(() => readCertificateBundle(p))).toBe('invalid_structure')
    const data = Uint8Array.of(0x30, 15, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1, 0xa0, 2, 4, 0)
    expect(await refusal(() => readCertificateBundle(data))).toBe('invalid_structure')
    expect(await refusal(() => readCertificateBundle(indefiniteOctetString(p)))).toBe('invalid_der')
    expect(await refusal(() => readCertificateBundle(subscriber.certificatePem))).toBe('invalid_encoding')
  })

  it('answers every damage with certificates or an error of its own', async () => {
    const { der } = createCertificateBundle(all)
    const damage = fc.record({ at: fc.nat(der.length - 1), octet: fc.nat(255), cut: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, octet, cut }) => {
        const damaged = der.slice(0, der.length - cut)
        damaged[at] = octet
        await refusal(() => readCertificateBundle(damaged))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('createPemBundle', () => {
  it('puts key, certificate and issuers in the order of servers, whatever order the chain came in', async () => {
    const { privateKeyPem, certificatePem, chain } = subscriber
    const bundle = await createPemBundle({ privateKey: privateKeyPem, certificate: certificatePem, chain })
    expect(bundle).toBe([privateKeyPem, certificatePem, ...[...chain].reverse()].join(''))
    expect(() => createSecureContext({ key: bundle, cert: bundle })).not.toThrow()
  })

  it('is public without a key', async () => {
    expect(await createPemBundle({ certificate: subscriber.certificatePem })).toBe(subscriber.certificatePem)
  })

  it('refuses the key of another certificate and a chain that leads elsewhere', async () => {
    const other = await issued()
    const { certificatePem: certificate } = subscriber
    expect(await refusal(() => createPemBundle({ certificate, privateKey: other.privateKeyPem }))).toBe(
      'invalid_key',
    )
    expect(await refusal(() => createPemBundle({ certificate, chain: other.chain }))).toBe('invalid_request')
  })
})

describe('readPemBundle', () => {
  it('says of each block what it is, in order', async () => {
    const ecKey = await openssl(['ec', '-in', 'k'], { k: subscriber.privateKeyPem })
    const { pem: encrypted } = await encryptPrivateKey(subscriber.privateKeyPem, 'secret')
    const text = [ecKey, 'a word between\n', ...all, encrypted, createCertificateBundle(all).pem].join('')
    const items = readPemBundle(
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${text}`,
    )
    expect(items.map(({ type }) => type)).toEqual([
      'other',
      'private-key',
      'certificate',
      'certificate',
      'certificate',
      'encrypted-private-key',
      'certificate-bundle',
    ])
    expect(items[1]).toMatchObject({ pkcs8Der: expect.any(Uint8Array) })
  })

  it('refuses a block that is not what its label says, and has no opinion on a text without blocks', async () => {
    expect(readPemBundle('nothing')).toEqual([])
    const mislabelled = pemEncode('CERTIFICATE', subscriber.pkcs8Der)
    expect(await refusal(() => readPemBundle(mislabelled))).toBe('invalid_der')
  })
})
