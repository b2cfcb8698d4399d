import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pemDecode, pemDecodeAll, pemEncode } from './pem.js'

const der = Uint8Array.from({ length: 100 }, (_, i) => i)
const pem = pemEncode('CERTIFICATE', der)
const refused = expect.objectContaining({ code: 'invalid_encoding' })

describe('PEM', () => {
  it('has 64 columns and ends in a line feed (RFC 7468 §2)', () => {
    const lines = pem.split('\n')
    expect(lines[0]).toBe('-----BEGIN CERTIFICATE-----')
    expect(lines.slice(1, -3).every((line) => line.length === 64)).toBe(true)
    expect(lines.slice(-2)).toEqual(['-----END CERTIFICATE-----', ''])
  })

  it('comes back as it went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(pemDecode(pemEncode('X509 CRL', bytes), 'X509 CRL')).toEqual(bytes)
      }),
    )
  })

  it('is read with CRLF, blank lines, and text around the blocks (RFC 7468 §2)', () => {
    const bundle = `subject: A\r\n${pem.replaceAll('\n', '\r\n')}\n\nsubject: B\n${pemEncode('PRIVATE KEY', der)}end`
    expect(pemDecodeAll(bundle)).toEqual([
      { label: 'CERTIFICATE', der },
      { label: 'PRIVATE KEY', der },
    ])
  })

  it.each([
    ['without an end line', pem.replace('-----END CERTIFICATE-----', '')],
    ['that ends under another label', pem.replace('END CERTIFICATE', 'END PUBLIC KEY')],
    ['that begins again before it ends', `-----BEGIN CERTIFICATE-----\n${pem}`],
    [
      'with headers, as keys that OpenSSL encrypts (RFC 1421)',
      pem.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'),
    ],
    ['whose body is no base64', pem.replace('\n', '\n*')],
    [
      'whose base64 has bits behind the last octet',
      '-----BEGIN CERTIFICATE-----\nZh==\n-----END CERTIFICATE-----',
    ],
  ])('refuses a block %s', (_, text) => {
    expect(() => pemDecodeAll(text)).toThrow(refused)
  })

  it.each([
    ['no block', 'just text'],
    ['two blocks', pem + pem],
    ['a block of another kind', pemEncode('PRIVATE KEY', der)],
  ])('refuses %s where one certificate is expected', (_, text) => {
    expect(() => pemDecode(text, 'CERTIFICATE')).toThrow(refused)
  })

  it('refuses more than 10,000 blocks', () => {
    const block = '-----BEGIN A-----\n-----END A-----\n'
    expect(pemDecodeAll(block.repeat(10_000))).toHaveLength(10_000)
    expect(() => pemDecodeAll(block.repeat(10_001))).toThrow(refused)
  })
})
