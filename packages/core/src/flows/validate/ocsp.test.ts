import { describe, expect, it } from 'vitest'
import { sha1KeyIdentifier } from '../../crypto/key-identifier.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { certificateOf, days, newKey, noon } from '../../rules/path/test-certificates.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { ocspNonce } from '../../x509/extensions/ocsp-nonce.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { encodeOcspRequest } from '../../x509/ocsp-request.js'
import { encodeOcspError } from '../../x509/ocsp-response.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { checkOcspResponse } from './check-status.js'
import { hexDecode } from '../../encoding/hex.js'
import {
  root,
  ca,
  leaf,
  revoked,
  unknownHere,
  unknownExtension,
  certIdOf,
  single,
  type ResponseSpec,
  responseOf,
  later,
  responderOf,
  forOcsp,
} from './test-ocsp-responses.js'

async function statusOf(spec: ResponseSpec | Uint8Array, request?: Uint8Array): Promise<string> {
  const { kind } = await checkOcspResponse({
    response: spec instanceof Uint8Array ? spec : responseOf(spec),
    certificate: leaf,
    issuer: ca.certificate,
    at: noon,
    ...(request && { request }),
  })
  return kind
}

describe('an OCSP response says that a certificate is', () => {
  const other = { ...certIdOf(leaf, ca), serialNumber: parseSerialNumber('99') }
  const responder = responderOf()
  const rows: [sentence: string, status: string, ResponseSpec | Uint8Array][] = [
    ['good', 'good', {}],
    ['good, by SHA-256', 'good', { responses: [single({ certId: certIdOf(leaf, ca, 'SHA-256') })] }],
    ['revoked', 'revoked', { responses: [single({ status: revoked })] }],
    ['nothing it knows', 'unknown', { responses: [single({ status: unknownHere })] }],
    ['revoked in one of two answers', 'revoked', { responses: [single(), single({ status: revoked })] }],
    [
      'good in one and unknown in another',
      'unknown',
      { responses: [single(), single({ status: unknownHere })] },
    ],
    ['good beside an answer about another', 'good', { responses: [single({ certId: other }), single()] }],
    ['nothing: it is about another', 'unknown', { responses: [single({ certId: other })] }],
    [
      'nothing: it is about one of another CA',
      'unknown',
      { responses: [single({ certId: certIdOf(leaf, root) })] },
    ],
    ['nothing: it answers nothing', 'unknown', { responses: [] }],
    ['nothing: the responder is busy', 'unknown', encodeOcspError('tryLater')],
    ['nothing: it is out of date', 'unknown', { responses: [single({ nextUpdate: days(-0.1) })] }],
    ['good without a next update', 'good', { responses: [single({ nextUpdate: undefined })] }],
    [
      'nothing: it is from the future',
      'unknown',
      { responses: [single({ thisUpdate: days(1), nextUpdate: days(2) })] },
    ],
    ['nothing: it was made in the future', 'unknown', { producedAt: days(1) }],
    ['nothing: it was made before the certificate', 'unknown', { producedAt: days(-100) }],
    ['nothing: it has an unknown critical extension', 'unknown', { extensions: [unknownExtension] }],
    ['nothing: an answer has one', 'unknown', { responses: [single({ extensions: [unknownExtension] })] }],
    [
      'good by the key of the issuer',
      'good',
      { responderId: { byKey: sha1KeyIdentifier(parsePublicKey(ca.key.spkiDer).keyBits) } },
    ],
    [
      'nothing: it names a responder who has not signed',
      'unknown',
      { responderId: { byName: root.certificate.subject } },
    ],
    [
      "nothing: another has signed in the issuer's name",
      'unknown',
      { by: { key: newKey(), certificate: ca.certificate } },
    ],
    ['good by a responder', 'good', responder],
    ['nothing: the certificate of the responder is missing', 'unknown', { by: responder.by }],
    [
      'good by a responder beside other certificates',
      'good',
      { ...responder, certificates: [root.certificate, leaf, responder.certificate] },
    ],
    [
      'nothing: the responder is for something else',
      'unknown',
      responderOf({
        extensions: [
          createExtension(extendedKeyUsage, [keyPurposes.anyExtendedKeyUsage], { critical: false }),
        ],
      }),
    ],
    ['nothing: the responder is for nothing in particular', 'unknown', responderOf({ extensions: [] })],
    [
      'nothing: the responder may not sign',
      'unknown',
      responderOf({ extensions: [forOcsp, createExtension(keyUsage, ['keyAgreement'], { critical: true })] }),
    ],
    [
      'nothing: the responder has an unknown critical extension',
      'unknown',
      responderOf({ extensions: [forOcsp, unknownExtension] }),
    ],
    ['nothing: the responder has expired', 'unknown', responderOf({ notAfter: days(-0.1) })],
    [
      'nothing: another has signed in the name of a responder whose certificate is there',
      'unknown',
      { ...responder, by: { ...responder.by, key: newKey() } },
    ],
    [
      'nothing: it names another key than that of the responder',
      'unknown',
      { ...responder, responderId: { byKey: sha1KeyIdentifier(parsePublicKey(root.key.spkiDer).keyBits) } },
    ],
    [
      'good by a responder that is named by its key',
      'good',
      {
        ...responder,
        responderId: { byKey: sha1KeyIdentifier(parsePublicKey(responder.key.spkiDer).keyBits) },
      },
    ],
    [
      'good by a responder that may sign contracts, and agree on keys',
      'good',
      responderOf({
        extensions: [
          forOcsp,
          createExtension(keyUsage, ['contentCommitment', 'keyAgreement'], { critical: true }),
        ],
      }),
    ],
    ['nothing: the responder is not valid yet', 'unknown', responderOf({ notBefore: later(noon, 1) })],
    ['good in the only second of its responder', 'good', responderOf({ notBefore: noon, notAfter: noon })],
    [
      'nothing: the responder is of another issuer that has the same key',
      'unknown',
      responderOf({ issuer: { ...ca, name: 'Another' } }),
    ],
    [
      'good by the last of sixteen certificates that are looked at',
      'good',
      { ...responder, certificates: [...Array.from({ length: 15 }, () => leaf), responder.certificate] },
    ],
    [
      'nothing: the seventeenth is not looked at',
      'unknown',
      { ...responder, certificates: [...Array.from({ length: 16 }, () => leaf), responder.certificate] },
    ],
    ['nothing: the CA above has certified the responder', 'unknown', responderOf({ issuer: root })],
    [
      "nothing: another has certified the responder in the issuer's name",
      'unknown',
      responderOf({ issuer: { ...ca, key: newKey() } }),
    ],
  ]
  it.each(rows)('%s', async (_, expected, spec) => {
    expect(await statusOf(spec)).toBe(expected)
  })

  it('good by a responder beside what is no certificate', async () => {
    const broken = { ...leaf, der: Uint8Array.of(0x30, 0) }
    expect(await statusOf({ ...responder, certificates: [broken, responder.certificate] })).toBe('good')
  })

  it('good by a responder that has the name of its CA', async () => {
    const key = newKey()
    const certificate = certificateOf({ name: 'CA', key, issuer: ca, extensions: [forOcsp] })
    expect(await statusOf({ by: { key, certificate }, certificates: [certificate] })).toBe('good')
  })
})

const nonceOf = (octet: number) =>
  createExtension(ocspNonce, new Uint8Array(32).fill(octet), { critical: false })
const requestWith = (...extensions: Extension[]) =>
  encodeOcspRequest({ requests: [{ certId: certIdOf(leaf, ca), extensions: [] }], extensions })

/** Why a response says nothing. */
async function becauseOf(spec: ResponseSpec, change: object = {}): Promise<string> {
  const question = { response: responseOf(spec), certificate: leaf, issuer: ca.certificate, at: noon }
  const status = await checkOcspResponse({ ...question, ...change })
  return status.kind === 'unknown' ? status.because : status.kind
}

describe('an OCSP response', () => {
  it.each<[string, ResponseSpec]>([
    ['there is no OCSP response about it', { responses: [] }],
    ['the OCSP responder does not know it', { responses: [single({ status: unknownHere })] }],
    ['the OCSP response has the critical extension 1.2.3', { extensions: [unknownExtension] }],
    ['the OCSP response is from the future', { producedAt: days(1) }],
    [
      'the OCSP response is out of date (nextUpdate 2026-03-01T09:36:00.000Z)',
      { responses: [single(), single({ nextUpdate: days(-0.1) })] },
    ],
    [
      'the OCSP response is not signed by the issuer or by a responder that it has certified',
      { by: responderOf().by },
    ],
  ])('tells why it says nothing: %s', async (because, spec) => {
    expect(await becauseOf(spec)).toBe(because)
  })

  it('is made while the certificate is valid, its first and last second included, and by now', async () => {
    const [notBefore, notAfter] = [noon, days(1)]
    const short = certificateOf({ name: 'short', key: newKey(), issuer: ca, notBefore, notAfter })
    const made = (producedAt: Date, at = days(2)) => {
      const about = single({ certId: certIdOf(short, ca), nextUpdate: undefined })
      return becauseOf({ producedAt, responses: [about] }, { certificate: short, at })
    }
    const outside = 'the OCSP response was made when the certificate was not valid'
    expect(await made(notBefore)).toBe('good')
    expect(await made(notAfter)).toBe('good')
    expect(await made(later(notBefore, -1))).toBe(outside)
    expect(await made(later(notAfter, 1))).toBe(outside)
    expect(await made(later(noon, 60), later(noon, 60))).toBe('good')
    expect(await made(later(noon, 61), later(noon, 60))).toBe('the OCSP response is from the future')
  })

  it('about a certificate by a digest that nobody knows, or of a key that nobody can read, is about another', async () => {
    const nobody = 'there is no OCSP response about it'
    const certId = {
      ...certIdOf(leaf, ca),
      hashAlgorithm: '1.2.3',
      hashAlgorithmDer: hexDecode('300406022a03'),
    }
    expect(await becauseOf({ responses: [single({ certId })] })).toBe(nobody)
    const issuer = { ...ca.certificate, spkiDer: Uint8Array.of(0x30, 0) }
    expect(await becauseOf({}, { issuer })).toBe(nobody)
  })
})

describe('the nonce of a request (RFC 9654)', () => {
  it.each([
    ['comes back', 'good', [nonceOf(1)], [nonceOf(1)]],
    ['is another', 'unknown', [nonceOf(1)], [nonceOf(2)]],
    ['is left out by responders that sign in advance', 'good', [nonceOf(1)], []],
    ['was not asked for', 'good', [], [nonceOf(1)]],
  ] as const)('%s: %s', async (_, expected, sent, answered) => {
    expect(await statusOf({ extensions: answered }, requestWith(...sent))).toBe(expected)
  })
})
