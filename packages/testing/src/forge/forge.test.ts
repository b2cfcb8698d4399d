import {
  basicConstraints,
  decodeExtension,
  keyUsage,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  subjectAltName,
} from '@certwright/core'
import { encode, integer, objectIdentifier, sequence } from '@certwright/core/der'
import { verifyCertificate } from '@certwright/core/path'
import { describe, expect, it } from 'vitest'
import { append, flipBit, replaceOctets, truncate } from './alter-octets.js'
import { extension, rawExtension } from './fields/extension-spec.js'
import { forgeTime } from './fields/time-spec.js'
import { forgeCa, forgeCertificate, forgeEndEntity } from './forge-certificate.js'
import { forgeCrl } from './forge-crl.js'
import { forgeOcspError, forgeOcspResponse } from './forge-ocsp-response.js'
import { forgeKey } from './keys/forge-key.js'

const root = forgeCa({ subject: 'Root' })
const ca = forgeCa({ subject: 'CA', issuer: root, pathLength: 0 })
const leaf = forgeEndEntity({ issuer: ca })

const request = {
  certificate: leaf.der,
  intermediates: [ca.der],
  trustAnchors: [root.der],
  at: forgeTime,
  identity: { type: 'dns', value: 'db.example.org' },
} as const

const unreadable = expect.objectContaining({ code: 'invalid_der' })

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

describe('what is not given is right', () => {
  it('in certificates and CRLs, by the strictest reading', async () => {
    const crls = [forgeCrl({ issuer: root }).der, forgeCrl({ issuer: ca }).der]
    for (const profile of ['rfc5280', 'webpki'] as const) {
      expect(await verifyCertificate({ ...request, crls, strict: true, profile })).toMatchObject({ ok: true })
    }
  })

  it('in OCSP responses, of the issuer and of a responder', async () => {
    const responder = forgeEndEntity({
      subject: 'Responder',
      issuer: ca,
      names: [],
      purposes: ['1.3.6.1.5.5.7.3.9'],
    })
    const ofCa = { serialNumber: ca.serialNumber, issuer: root }
    const ofLeaf = { serialNumber: leaf.serialNumber, issuer: ca }
    const ocspResponses = [
      forgeOcspResponse({ responder: root, responses: [ofCa] }),
      forgeOcspResponse({ responder, responses: [ofLeaf], responderId: 'byKey', certificates: [responder] }),
    ]
    const crls = [forgeCrl({ issuer: ca }).der]
    expect(await verifyCertificate({ ...request, ocspResponses, crls })).toMatchObject({ ok: true })
  })

  it('in certificates by every kind of key', async () => {
    for (const algorithm of ['ECDSA-P384', 'ECDSA-P521', 'Ed25519', 'RSA-2048'] as const) {
      const own = forgeCa({ subject: algorithm, issuer: root, key: forgeKey('ca', algorithm) })
      const certificate = forgeEndEntity({ issuer: own }).der
      expect(await verifyCertificate({ ...request, certificate, intermediates: [own.der] })).toMatchObject({
        ok: true,
      })
    }
  })
})

const serialWritten = (serialNumber: number | bigint): string =>
  parseCertificate(forgeEndEntity({ issuer: ca, serialNumber }).der).serialNumber

describe('what is given is written', () => {
  const parsed = parseCertificate
  it('a serial number, whatever its sign', () => {
    expect([0, 127, 128, -1, -128, -129, 2n ** 64n].map(serialWritten)).toEqual([
      '00',
      '7f',
      '80',
      '-01',
      '-80',
      '-81',
      '010000000000000000',
    ])
  })

  it('extensions in the place of the defaults, behind them, and not at all', () => {
    const added = rawExtension('1.2.3', Uint8Array.of(5, 0), true)
    const { extensions } = parsed(
      forgeCa({
        subject: 'Other',
        issuer: root,
        extensions: [extension(basicConstraints, { isCa: false, pathLength: undefined }), added],
        omit: [keyUsage],
      }).der,
    )
    expect(extensions.map(({ oid }) => oid)).toEqual(['2.5.29.35', '2.5.29.14', '2.5.29.19', '1.2.3'])
    expect(decodeExtension(extensions[2]!, basicConstraints)).toMatchObject({ isCa: false })
    expect(extensions[3]).toMatchObject(added)
    const twice = extension(subjectAltName, [{ type: 'dns', value: 'a.example' }])
    expect(() => parsed(forgeEndEntity({ issuer: ca, extensionList: [twice, twice] }).der)).toThrow('twice')
    expect(parsed(forgeEndEntity({ issuer: ca, extensionList: [] }).der).extensions).toEqual([])
  })

  it('a version, names, times and algorithms', () => {
    const md5 = encode(sequence(objectIdentifier('1.2.840.113549.1.1.4')))
    const { der } = forgeCertificate({
      subject: { organization: 'Example' },
      issuerName: 'Somebody else',
      issuer: ca,
      version: 1,
      notBefore: { generalizedTime: '20260101000000Z' },
      notAfter: { utcTime: '270101000000Z' },
      innerAlgorithm: md5,
      outerAlgorithm: md5,
    })
    expect(parsed(der)).toMatchObject({
      version: 1,
      issuer: { rdns: [[{ value: 'Somebody else' }]] },
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
      signatureAlgorithmDer: md5,
    })
    expect(() => parsed(forgeCa({ subject: 'X', version: encode(integer(2)) }).der)).toThrow(unreadable)
  })

  it('octets that are altered before the signature, in it, and behind it', () => {
    const altered = forgeEndEntity({ issuer: ca, alterTbs: flipBit(-1) })
    expect(hex(altered.der)).not.toBe(hex(leaf.der))
    const broken = parsed(forgeEndEntity({ issuer: ca, alterSignature: flipBit(-1) }).der)
    expect(hex(broken.tbsDer)).toBe(hex(parsed(leaf.der).tbsDer))
    expect(hex(broken.signature)).not.toBe(hex(parsed(leaf.der).signature))
    expect(() => parsed(forgeEndEntity({ issuer: ca, alterDer: truncate(1) }).der)).toThrow(unreadable)
    expect(() => parsed(forgeEndEntity({ issuer: ca, alterDer: append(0) }).der)).toThrow(unreadable)
    const [from, to] = [Buffer.from('db.example'), Buffer.from('DB.example')]
    expect(hex(replaceOctets(from, to)(leaf.der))).toContain(hex(to))
    expect(() => replaceOctets(to, from)(leaf.der)).toThrow(RangeError)
  })

  it('entries and times of a CRL', () => {
    const { der } = forgeCrl({
      issuer: ca,
      entries: [{ serialNumber: 7, reason: 'keyCompromise' }, { serialNumber: -1 }],
      nextUpdate: 'absent',
      number: 9,
    })
    expect(parseCrl(der)).toMatchObject({ version: 2, nextUpdate: undefined })
    expect(hex(parseCrl(der).entriesDer)).toContain('020107')
  })

  it('a status of OCSP, or none', () => {
    const revoked = { revokedAt: forgeTime, reason: 'superseded' } as const
    const response = forgeOcspResponse({
      responder: ca,
      responses: [{ serialNumber: 1, issuer: ca, status: revoked }],
      nonce: new Uint8Array(8),
    })
    expect(parseOcspResponse(response)).toMatchObject({
      status: 'successful',
      basic: { responses: [{ status: { kind: 'revoked', reason: 'superseded' } }] },
    })
    expect(parseOcspResponse(forgeOcspError(6))).toEqual({ status: 'unauthorized' })
  })
})

it('the same specification makes the same bytes', () => {
  const again = forgeEndEntity({ issuer: forgeCa({ subject: 'CA', issuer: root, pathLength: 0 }) })
  expect(hex(again.der)).toBe(hex(leaf.der))
})
