import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encode,
  type Encoder,
  explicit,
  integer,
  objectIdentifier,
  raw,
  sequence,
  time,
} from '../asn1/der-writer.js'
import { concatBytes } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import { crlEntries, encodeTbsCertList, findCrlEntry, parseCrl } from './certificate-revocation-list.js'
import { type CrlReason, crlReasonNumbers } from './crl-reason.js'
import { createExtension, extensions } from './extension.js'
import { certificateIssuer as certificateIssuerType } from './extensions/certificate-issuer.js'
import { cRLNumber } from './extensions/crl-number.js'
import { invalidityDate } from './extensions/invalidity-date.js'
import { reasonCode } from './extensions/reason-code.js'
import { subjectKeyIdentifier } from './extensions/subject-key-identifier.js'
import { createName } from './name.js'
import { encodeRevokedCertificates } from './revoked-certificate.js'
import { parseSerialNumber, serialNumberFromRandom } from './serial-number.js'
import { encodeSignedData } from './signed-data.js'

/* Structures that openssl does not write: each is one edit away from one that is accepted. */

const ecdsaSha256 = encode(sequence(objectIdentifier('1.2.840.10045.4.3.2')))
const ecdsaSha384 = encode(sequence(objectIdentifier('1.2.840.10045.4.3.3')))
const name = createName({ commonName: 'Test' })
const start = new Date('2026-01-01T00:00:00Z')
const end = new Date('2026-12-31T23:59:59Z')
const keyIdentifier = createExtension(subjectKeyIdentifier, Uint8Array.of(1), { critical: false })
const signed = (tbs: Encoder, signatureAlgorithmDer = ecdsaSha256): Uint8Array =>
  encodeSignedData({ tbsDer: encode(tbs), signatureAlgorithmDer, signature: Uint8Array.of(1, 2, 3) })

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('parseCrl', () => {
  const tbs = {
    signatureAlgorithmDer: ecdsaSha256,
    issuer: name,
    thisUpdate: start,
    nextUpdate: end,
    extensions: [],
  }
  const entry = sequence(integer(7), time(start))
  const list = (version: Encoder | undefined, ...behind: Encoder[]): Uint8Array =>
    signed(sequence(version, raw(ecdsaSha256), raw(name.der), time(start), ...behind))

  const entries = fc.array(
    fc.record(
      {
        serialNumber: fc.uint8Array({ minLength: 9, maxLength: 20 }).map(serialNumberFromRandom),
        revocationDate: fc
          .date({ min: start, max: end, noInvalidDate: true })
          .map((date) => new Date(date.setUTCMilliseconds(0))),
        reason: fc.constantFrom(...(Object.keys(crlReasonNumbers) as CrlReason[])),
        invalidityDate: fc.constantFrom(start, end),
        certificateIssuer: fc.constant([{ type: 'directoryName', name } as const]),
      },
      { requiredKeys: ['serialNumber', 'revocationDate'] },
    ),
    { maxLength: 20 },
  )

  it('reads the entries that were written, in any division into slabs, and finds each', () => {
    fc.assert(
      fc.property(entries, fc.nat(20), (list, cut) => {
        const slabs = [
          encodeRevokedCertificates(list.slice(0, cut)),
          encodeRevokedCertificates(list.slice(cut)),
        ]
        const crl = parseCrl(signed(raw(encodeTbsCertList(tbs, slabs).tbsDer)))
        const written = list.map((item) => ({
          ...item,
          reason: item.reason === 'unspecified' ? undefined : item.reason,
        }))
        expect([...crlEntries(crl)]).toMatchObject(written)
        for (const { serialNumber } of list)
          expect(findCrlEntry(crl, serialNumber)).toMatchObject({ serialNumber })
        expect(crl.entriesDer).toEqual(concatBytes(...slabs))
      }),
      { numRuns: 50 },
    )
  })

  it('reads version 1, and a list without nextUpdate', () => {
    expect(parseCrl(list(undefined, sequence(entry)))).toMatchObject({
      version: 1,
      nextUpdate: undefined,
      extensions: [],
    })
    expect(parseCrl(list(integer(1), time(end)))).toMatchObject({
      version: 2,
      nextUpdate: end,
      entriesDer: new Uint8Array(),
    })
  })

  it('reads a nextUpdate in either form of time: from 2050 on it is a GeneralizedTime (§5.1.2.5)', () => {
    const nextUpdate = new Date('2050-01-01T00:00:00Z')
    expect(parseCrl(list(integer(1), time(nextUpdate), sequence(entry)))).toMatchObject({ nextUpdate })
  })

  it('is written with the issuer of an entry critical, and its reason and date not (§5.3)', () => {
    const certificateIssuer = [{ type: 'directoryName', name } as const]
    const dated = { serialNumber: parseSerialNumber('07'), revocationDate: start, invalidityDate: start }
    const slab = encodeRevokedCertificates([{ ...dated, reason: 'keyCompromise', certificateIssuer }])
    const [read] = crlEntries(parseCrl(signed(raw(encodeTbsCertList(tbs, [slab]).tbsDer))))
    expect(read?.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
      [reasonCode.oid, false],
      [invalidityDate.oid, false],
      [certificateIssuerType.oid, true],
    ])
  })

  const number = explicit(0, extensions([createExtension(cRLNumber, 1n, { critical: false })]))
  it.each([
    [
      'an encoded version 1 (§5.1.2.1)',
      list(integer(0), sequence(entry)),
      'invalid_structure',
      /no version 1/,
    ],
    [
      'an empty list of entries (§5.1.2.6)',
      list(integer(1), sequence()),
      'invalid_structure',
      /without entries/,
    ],
    ['extensions in version 1 (§5.1.2.1)', list(undefined, number), 'invalid_der', /bytes follow/],
    [
      'entry extensions in version 1 (§5.1.2.1)',
      list(undefined, sequence(sequence(integer(7), time(start), extensions([keyIdentifier])))),
      'invalid_der',
      /bytes follow/,
    ],
    ['an entry without date', list(integer(1), sequence(sequence(integer(7)))), 'invalid_der', /ends where/],
    [
      'another algorithm inside than outside (§5.1.1.2)',
      signed(raw(encodeTbsCertList(tbs, []).tbsDer), ecdsaSha384),
      'invalid_structure',
      /differs/,
    ],
  ] as const)('refuses %s', (_, der, code, message) => {
    expect(() => parseCrl(der)).toThrow(refusal(code, message))
  })

  it('refuses a malformed extension of an entry when the entry is read', () => {
    const bad = extensions([{ oid: '2.5.29.21', critical: false, valueDer: hexDecode('0a0107') }])
    const crl = parseCrl(list(integer(1), sequence(sequence(integer(7), time(start), bad))))
    expect(() => [...crlEntries(crl)]).toThrow(refusal('invalid_structure', /reason 7/))
  })
})
