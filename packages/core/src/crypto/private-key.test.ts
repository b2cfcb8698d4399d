import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  encode,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  octetStringOf,
  raw,
  sequence,
} from '../asn1/der-writer.js'
import { concatBytes } from '../encoding/bytes.js'
import { hexEncode } from '../encoding/hex.js'
import { keyAlgorithms } from './key-algorithms.js'
import { parsePrivateKey } from './pkcs8.js'
import { privateKeyFrom } from './private-key.js'
import { platformCrypto } from './provider-node.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const ed = generateKeyPairSync('ed25519')
const pkcs8 = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const sec1 = ec.privateKey.export({ type: 'sec1', format: 'pem' }) as string

describe('privateKeyFrom', () => {
  it.each([
    ['PKCS#8 of RSA', rsa, rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'RSA-2048'],
    ['PKCS#1', rsa, rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }), 'RSA-2048'],
    ['PKCS#1 in DER', rsa, rsa.privateKey.export({ type: 'pkcs1', format: 'der' }), 'RSA-2048'],
    ['PKCS#8 of EC', ec, pkcs8, 'ECDSA-P384'],
    ['PKCS#8 of EC in DER', ec, ec.privateKey.export({ type: 'pkcs8', format: 'der' }), 'ECDSA-P384'],
    ['SEC 1', ec, sec1, 'ECDSA-P384'],
    ['SEC 1 in DER', ec, ec.privateKey.export({ type: 'sec1', format: 'der' }), 'ECDSA-P384'],
    [
      'SEC 1 behind its parameters, as "openssl ecparam -genkey" writes it',
      ec,
      `-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n${sec1}`,
      'ECDSA-P384',
    ],
    ['PKCS#8 of Ed25519', ed, ed.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'Ed25519'],
  ])('reads %s', async (_, pair, text, name) => {
    const key = await platformCrypto.importSigningKey(privateKeyFrom(text))
    expect(key.keyAlgorithm).toBe(name)
    expect(hexEncode(key.spkiDer)).toBe(
      pair.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    )
  })

  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'correct horse' }
  it.each<[string, string, string | Uint8Array, RegExp]>([
    [
      'an encrypted PKCS#8 in PEM',
      'invalid_key',
      ec.privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypted }),
      /encrypted: decrypt it first/,
    ],
    [
      'an encrypted PKCS#8 in DER',
      'invalid_key',
      ec.privateKey.export({ type: 'pkcs8', format: 'der', ...encrypted }),
      /encrypted: decrypt it first/,
    ],
    [
      'the encrypted form of RFC 1421',
      'invalid_encoding',
      ec.privateKey.export({ type: 'sec1', format: 'pem', ...encrypted }),
      /decrypt the key first/,
    ],
    ['two private keys', 'invalid_key', pkcs8 + sec1, /there are 2 private keys/],
    [
      'a text without a private key',
      'invalid_key',
      'hello',
      /there is no "-----BEGIN PRIVATE KEY-----" line/,
    ],
    [
      'a key under a foreign label',
      'invalid_key',
      pkcs8.replaceAll('PRIVATE', 'DSA PRIVATE'),
      /DSA PRIVATE KEY/,
    ],
    [
      'SEC 1 that does not name its curve (RFC 5915 §4)',
      'invalid_key',
      encode(sequence(integer(1), octetString(new Uint8Array(32)))),
      /does not name its curve/,
    ],
    ['DER of something else', 'invalid_key', encode(sequence(integer(0), nullValue)), /neither PKCS#8 nor/],
  ])('refuses %s', (_, code, input, message) => {
    const read = (): Uint8Array => privateKeyFrom(input)
    expect(read).toThrow(expect.objectContaining({ code }))
    expect(read).toThrow(message)
  })
})

describe('parsePrivateKey', () => {
  const p256 = raw(keyAlgorithms['ECDSA-P256'].identifierDer)
  const ed25519 = raw(keyAlgorithms.Ed25519.identifierDer)
  const ecKey = sequence(integer(1), octetString(new Uint8Array(32)))
  const twoCurves = sequence(integer(1), octetString(new Uint8Array(32)), (out) =>
    out.bytes(Uint8Array.of(0xa0, 0x07, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22)),
  )
  const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  it.each<[string, string, Uint8Array]>([
    [
      'a version above 1 (RFC 5958 §2)',
      'invalid_key',
      encode(sequence(integer(2), p256, octetStringOf(ecKey))),
    ],
    ['bytes behind the key', 'invalid_der', concatBytes(privateKeyFrom(pkcs8), Uint8Array.of(0))],
    [
      'a scalar as long as that of another curve',
      'invalid_key',
      encode(sequence(integer(0), raw(keyAlgorithms['ECDSA-P384'].identifierDer), octetStringOf(ecKey))),
    ],
    [
      'a key that names two curves',
      'invalid_key',
      encode(sequence(integer(0), p256, octetStringOf(twoCurves))),
    ],
    [
      'an Ed25519 seed that is not 32 octets',
      'invalid_key',
      encode(sequence(integer(0), ed25519, octetStringOf(octetString(new Uint8Array(31))))),
    ],
    [
      'a key type that we do not know',
      'unsupported_algorithm',
      encode(
        sequence(
          integer(0),
          sequence(objectIdentifier('1.3.101.110')),
          octetStringOf(octetString(new Uint8Array(32))),
        ),
      ),
    ],
    ['RSA below 2048 bits', 'weak_key', weakRsa.export({ type: 'pkcs8', format: 'der' })],
  ])('refuses %s', (_, code, der) => {
    expect(() => parsePrivateKey(der)).toThrow(expect.objectContaining({ code }))
  })

  it('says nothing of the content of a key in its errors', () => {
    const secret = new Uint8Array(31).fill(0xa5)
    const der = encode(sequence(integer(0), ed25519, octetStringOf(octetString(secret))))
    expect(() => parsePrivateKey(der)).toThrow(
      'Cannot read private key: it has 31 octets where 32 are required',
    )
  })
})
