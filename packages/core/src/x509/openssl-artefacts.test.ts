import { execFileSync } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { pemDecode, pemEncode } from '../encoding/pem.js'
import { isPkiError } from '../errors/pki-error.js'
import { type Certificate, certificatePem, encodeTbsCertificate, parseCertificate } from './certificate.js'
import { encodeCertificationRequestInfo, parseCertificateRequest } from './certificate-request.js'
import { crlEntries, encodeTbsCertList, findCrlEntry, parseCrl } from './certificate-revocation-list.js'
import { findExtension } from './extension.js'
import { ocspNonce } from './extensions/ocsp-nonce.js'
import { subjectAltName } from './extensions/subject-alt-name.js'
import { encodeResponseData } from './ocsp-basic-response.js'
import { encodeOcspRequest, parseOcspRequest } from './ocsp-request.js'
import { encodeOcspResponse, parseOcspResponse } from './ocsp-response.js'
import { encodeRevokedCertificates } from './revoked-certificate.js'
import { parseSerialNumber } from './serial-number.js'
import { encodeSignedData } from './signed-data.js'

/* What openssl makes is read and written back to the same bytes; what we make is read by openssl. */

const directory = mkdtempSync(join(tmpdir(), 'certwright-x509-'))
afterAll(() => rmSync(directory, { recursive: true }))

const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const write = (file: string, content: string | Uint8Array): void =>
  writeFileSync(join(directory, file), content)
const read = (file: string): Uint8Array => Uint8Array.from(readFileSync(join(directory, file)))
const readText = (file: string): string => readFileSync(join(directory, file), 'utf8')

const newKey = (out: string): string[] => [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-keyout',
  out,
]

openssl(
  'req',
  '-x509',
  ...newKey('ca.key'),
  '-out',
  'ca.pem',
  '-subj',
  '/CN=Test CA',
  '-days',
  '30',
  '-set_serial',
  '1',
  '-addext',
  'keyUsage=critical,digitalSignature,keyCertSign,cRLSign',
)
openssl(
  'req',
  '-new',
  ...newKey('leaf.key'),
  '-out',
  'leaf.csr',
  '-subj',
  '/C=DE/CN=leaf.example.org',
  '-addext',
  'subjectAltName=DNS:leaf.example.org',
)
openssl(
  'x509',
  '-req',
  '-in',
  'leaf.csr',
  '-CA',
  'ca.pem',
  '-CAkey',
  'ca.key',
  '-set_serial',
  '0xC0FFEE',
  '-days',
  '10',
  '-copy_extensions',
  'copy',
  '-out',
  'leaf.pem',
)
write(
  'index.txt',
  [
    'R\t391231235959Z\t260102030405Z,keyCompromise\tC0FFEE\tunknown\t/CN=leaf.example.org',
    'R\t391231235959Z\t260102030406Z\t0102\tunknown\t/CN=other.example.org',
    '',
  ].join('\n'),
)
write(
  'ca.cnf',
  '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n',
)
write('crlnumber', '1000\n')
openssl(
  'ca',
  '-config',
  'ca.cnf',
  '-gencrl',
  '-crldays',
  '7',
  '-cert',
  'ca.pem',
  '-keyfile',
  'ca.key',
  '-out',
  'crl.pem',
)
openssl('ocsp', '-issuer', 'ca.pem', '-sha256', '-cert', 'leaf.pem', '-reqout', 'request.der')
openssl(
  'ocsp',
  '-index',
  'index.txt',
  '-rsigner',
  'ca.pem',
  '-rkey',
  'ca.key',
  '-CA',
  'ca.pem',
  '-ndays',
  '1',
  '-reqin',
  'request.der',
  '-respout',
  'response.der',
)

const ca = parseCertificate(readText('ca.pem'))
const caKey = createPrivateKey(readText('ca.key'))
const signed = (tbsDer: Uint8Array) => ({
  tbsDer,
  signatureAlgorithmDer: ca.signatureAlgorithmDer,
  signature: Uint8Array.from(sign('sha256', tbsDer, caKey)),
})

const responseOf = (der: Uint8Array) => {
  const response = parseOcspResponse(der)
  if (response.status !== 'successful') throw new Error(`the response is ${response.status}`)
  return response.basic
}

/** DER of an artefact, its parser, and the way back from the parsed value. */
const artefacts: readonly [string, Uint8Array, (der: Uint8Array) => Uint8Array][] = [
  [
    'certificate',
    pemDecode(readText('leaf.pem'), 'CERTIFICATE'),
    (der) => {
      const certificate = parseCertificate(der)
      return encodeSignedData({ ...certificate, tbsDer: encodeTbsCertificate(certificate) })
    },
  ],
  [
    'certification request',
    pemDecode(readText('leaf.csr'), 'CERTIFICATE REQUEST'),
    (der) => {
      const request = parseCertificateRequest(der)
      return encodeSignedData({ ...request, tbsDer: encodeCertificationRequestInfo(request) })
    },
  ],
  [
    'CRL',
    pemDecode(readText('crl.pem'), 'X509 CRL'),
    (der) => {
      const crl = parseCrl(der)
      const slab = encodeRevokedCertificates([...crlEntries(crl)])
      return encodeTbsCertList(crl, [slab]).seal(crl)
    },
  ],
  ['OCSP request', read('request.der'), (der) => encodeOcspRequest(parseOcspRequest(der))],
  [
    'OCSP response',
    read('response.der'),
    (der) => {
      const basic = responseOf(der)
      const tbsDer = encodeResponseData(basic)
      return encodeOcspResponse({ ...basic, tbsDer }, basic.certificatesDer)
    },
  ],
]

describe.each(artefacts)('a %s of openssl', (_, der, roundTrip) => {
  const codeOf = (input: Uint8Array): string => {
    try {
      roundTrip(input)
      return 'accepted'
    } catch (error) {
      if (isPkiError(error)) return error.code
      throw error
    }
  }

  it('is read and written back to the same bytes', () => {
    expect(roundTrip(der)).toEqual(der)
  })

  it('is refused when it ends early, anywhere', () => {
    for (let length = 0; length < der.length; length++)
      expect(codeOf(der.subarray(0, length))).toBe('invalid_der')
  })

  it('is refused with an octet behind it', () => {
    expect(codeOf(Uint8Array.of(...der, 0))).toBe('invalid_der')
  })

  it('is read or refused with a typed error, whichever octets are changed', () => {
    const change = fc.tuple(fc.nat(der.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const mutant = Uint8Array.from(der)
        for (const [at, octet] of changes) mutant[at] = octet
        expect(codeOf(mutant)).toMatch(/^[a-z_]+$/)
      }),
      { numRuns: 2000 },
    )
  })
})

const sameCertificate = (serialNumber: string): Certificate =>
  parseCertificate(
    encodeSignedData(
      signed(
        encodeTbsCertificate({
          ...parseCertificate(readText('leaf.pem')),
          issuer: ca.subject,
          serialNumber: parseSerialNumber(serialNumber),
        }),
      ),
    ),
  )

const crlPem = (slabs: readonly Uint8Array[]): string => {
  const { tbsDer } = encodeTbsCertList({ ...parseCrl(readText('crl.pem')) }, slabs)
  return pemEncode('X509 CRL', encodeSignedData(signed(tbsDer)))
}

describe('what openssl wrote', () => {
  it('in a certificate is what is read', () => {
    const leaf = parseCertificate(readText('leaf.pem'))
    expect(leaf.version).toBe(3)
    expect(leaf.serialNumber).toBe('c0ffee')
    expect(leaf.issuer.der).toEqual(ca.subject.der)
    expect(leaf.notAfter.getTime() - leaf.notBefore.getTime()).toBe(10 * 86_400_000)
    expect(findExtension(leaf.extensions, subjectAltName)).toEqual([
      { type: 'dns', value: 'leaf.example.org' },
    ])
    expect(certificatePem(leaf)).toBe(readText('leaf.pem'))
  })

  it('in a request is what is read', () => {
    const request = parseCertificateRequest(readText('leaf.csr'))
    expect(request.spkiDer).toEqual(parseCertificate(readText('leaf.pem')).spkiDer)
    expect(findExtension(request.extensions, subjectAltName)).toEqual([
      { type: 'dns', value: 'leaf.example.org' },
    ])
  })

  it('in a CRL is what is read', () => {
    const crl = parseCrl(readText('crl.pem'))
    expect(crl.issuer.der).toEqual(ca.subject.der)
    const revoked = {
      serialNumber: 'c0ffee',
      revocationDate: new Date('2026-01-02T03:04:05Z'),
      reason: 'keyCompromise',
    }
    expect([...crlEntries(crl)]).toMatchObject([{ serialNumber: '0102', reason: undefined }, revoked])
    expect(findCrlEntry(crl, parseSerialNumber('c0ffee'))).toMatchObject(revoked)
    expect(findCrlEntry(crl, parseSerialNumber('c0ffef'))).toBeUndefined()
  })

  it('in a request and response of OCSP is what is read', () => {
    const request = parseOcspRequest(read('request.der'))
    const basic = responseOf(read('response.der'))
    expect(request.requests.map(({ certId }) => certId.serialNumber)).toEqual(['c0ffee'])
    expect(basic.responses.map(({ certId }) => certId)).toEqual(request.requests.map(({ certId }) => certId))
    expect(basic.responses[0]?.status).toEqual({
      kind: 'revoked',
      revocationTime: new Date('2026-01-02T03:04:05Z'),
      reason: 'keyCompromise',
    })
    expect(findExtension(basic.extensions, ocspNonce)).toEqual(findExtension(request.extensions, ocspNonce))
    expect(basic.responderId).toMatchObject({ byName: { der: ca.subject.der } })
    expect(basic.certificatesDer).toEqual([ca.der])
  })
})

describe('what we write', () => {
  it('as CRL is accepted by openssl, with a revoked certificate and without', () => {
    write('good.pem', certificatePem(sameCertificate('0a')))
    write('bad.pem', certificatePem(sameCertificate('0b')))
    const serialNumber = parseSerialNumber('0b')
    const revocationDate = new Date('2026-02-01T00:00:00Z')
    const invalidityDate = new Date('2026-01-01T00:00:00Z')
    write(
      'ours.pem',
      crlPem([
        encodeRevokedCertificates([{ serialNumber, revocationDate, reason: 'superseded', invalidityDate }]),
        encodeRevokedCertificates([
          { serialNumber: parseSerialNumber('0c'), revocationDate, reason: 'unspecified' },
        ]),
      ]),
    )
    write('empty.pem', crlPem([]))

    const text = openssl('crl', '-in', 'ours.pem', '-noout', '-text')
    expect(text).toContain('Superseded')
    expect(text).toContain('Invalidity Date')
    expect(text).not.toContain('Unspecified')
    expect(openssl('crl', '-in', 'empty.pem', '-noout', '-text')).toContain('No Revoked Certificates')
    const verify = ['verify', '-x509_strict', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile']
    expect(openssl(...verify, 'ours.pem', 'good.pem')).toContain('good.pem: OK')
    expect(openssl(...verify, 'empty.pem', 'bad.pem')).toContain('bad.pem: OK')
    expect(() => openssl(...verify, 'ours.pem', 'bad.pem')).toThrow(/certificate revoked/)
  })

  it.each([
    ['good', { kind: 'good' }],
    ['unknown', { kind: 'unknown' }],
    ['revoked', { kind: 'revoked', revocationTime: new Date('2026-02-01T00:00:00Z'), reason: undefined }],
  ] as const)('as OCSP response is understood by openssl: %s', (answer, status) => {
    const basic = responseOf(read('response.der'))
    const responses = basic.responses.map((response) => ({ ...response, status }))
    const tbsDer = encodeResponseData({ ...basic, responses })
    write('ours.der', encodeOcspResponse(signed(tbsDer), []))
    const text = openssl(
      'ocsp',
      '-issuer',
      'ca.pem',
      '-sha256',
      '-cert',
      'leaf.pem',
      '-CAfile',
      'ca.pem',
      '-no_nonce',
      '-respin',
      'ours.der',
    )
    expect(text).toContain(`leaf.pem: ${answer}`)
  })
})
