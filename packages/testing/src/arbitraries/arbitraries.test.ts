import {
  findExtension,
  formatName,
  parseCertificate,
  parseCertificateRequest,
  parseName,
  PkiError,
  subjectAltName,
} from '@certwright/core'
import { checkCrl, checkOcspResponse, verifyCertificate } from '@certwright/core/path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forgeTime } from '../forge/fields/time-spec.js'
import { forgeEndEntity } from '../forge/forge-certificate.js'
import { caTree } from './ca-trees.js'
import { certificate } from './certificates.js'
import { malformedMutation, wellFormedMutation } from './der/der-mutations.js'
import { readTree } from './der/der-tree.js'
import { keyPair } from './keys.js'
import { distinguishedName, hostName, ipAddress, mailbox, subjectAltNameOf, wildcard } from './names.js'
import { certificateRequest } from './requests.js'
import { revocationHistory } from './revocation-histories.js'

const leaf = forgeEndEntity({}).der

const arbitraries: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
  ['hostName', hostName()],
  ['wildcard', wildcard()],
  ['ipAddress', ipAddress()],
  ['mailbox', mailbox()],
  ['subjectAltNameOf', subjectAltNameOf()],
  ['distinguishedName', distinguishedName()],
  ['keyPair', keyPair(['ECDSA-P256', 'Ed25519']).map(({ spkiDer }) => spkiDer)],
  ['certificateRequest', certificateRequest().map(({ der }) => der)],
  ['certificate', certificate().map(({ der }) => der)],
  ['caTree', caTree().map(({ cas }) => cas.map((ca) => ca.certificate.der))],
  ['revocationHistory', revocationHistory().map(({ days }) => days)],
  ['wellFormedMutation', wellFormedMutation(leaf)],
  ['malformedMutation', malformedMutation(leaf)],
]

it.each(arbitraries)('%s gives the same values for the same seed', (_, arbitrary) => {
  const sample = () => fc.sample(arbitrary, { seed: 7, numRuns: 8 })
  expect(sample()).toEqual(sample())
})

it('names can be written and read', () => {
  fc.assert(
    fc.property(distinguishedName(), (name) => {
      expect(formatName(parseName(name.der))).toBe(formatName(name))
    }),
  )
})

describe('a request', () => {
  it('is read to what it was made of', () => {
    fc.assert(
      fc.property(certificateRequest(), ({ der, subjectDer, names, key }) => {
        const request = parseCertificateRequest(der)
        expect([...request.subject.der]).toEqual([...subjectDer])
        expect([...request.spkiDer]).toEqual([...key.spkiDer])
        expect(findExtension(request.extensions, subjectAltName) ?? []).toEqual(names)
      }),
      { numRuns: 30 },
    )
  })
})

describe('a certificate', () => {
  it('is well-formed, and valid for whoever trusts it', async () => {
    await fc.assert(
      fc.asyncProperty(certificate(), async ({ der }) => {
        const verdict = await verifyCertificate({
          certificate: der,
          trustAnchors: [der],
          at: forgeTime,
          purpose: 'any',
        })
        expect(verdict.ok).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})

describe('a tree of CAs', () => {
  it('has a path from each CA to a root, whatever circles its cross-certificates make', async () => {
    await fc.assert(
      fc.asyncProperty(caTree(), async ({ cas, crossCertificates }) => {
        const trustAnchors = cas.filter(({ parent }) => parent === undefined).map((ca) => ca.certificate.der)
        const intermediates = [...crossCertificates, ...cas].map((one) => one.certificate.der)
        for (const ca of cas) {
          const certificate = ca.certificate.der
          const question = { certificate, intermediates, trustAnchors, at: forgeTime, purpose: 'any' }
          expect((await verifyCertificate(question)).ok).toBe(true)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('has cross-certificates that are valid for whoever trusts their issuer', async () => {
    await fc.assert(
      fc.asyncProperty(caTree(), async ({ cas, crossCertificates }) => {
        for (const { certificate, issuer } of crossCertificates) {
          const trustAnchors = cas.filter(({ name }) => name === issuer).map((ca) => ca.certificate.der)
          const question = { certificate: certificate.der, trustAnchors, at: forgeTime, purpose: 'any' }
          expect((await verifyCertificate(question)).ok).toBe(true)
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('a history of revocation', () => {
  it('is told by its lists and responses as it happened', async () => {
    await fc.assert(
      fc.asyncProperty(revocationHistory(), async ({ issuer, certificates, days }) => {
        for (const { at, crl, ocspResponses, statuses } of days) {
          for (const [number, { der }] of certificates.entries()) {
            const question = { certificate: der, issuer: issuer.der, at }
            const response = ocspResponses[number] as Uint8Array
            expect((await checkCrl({ ...question, crl })).kind).toBe(statuses[number])
            expect((await checkOcspResponse({ ...question, response })).kind).toBe(statuses[number])
          }
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('a mutation', () => {
  it('that stays well-formed is another tree of elements', () => {
    fc.assert(
      fc.property(wellFormedMutation(leaf), (der) => {
        expect(Buffer.compare(der, leaf)).not.toBe(0)
        expect(() => readTree(der)).not.toThrow()
      }),
    )
  })

  it('that does not is refused by whoever reads DER', () => {
    fc.assert(
      fc.property(malformedMutation(leaf), (der) => {
        expect(() => parseCertificate(der)).toThrow(PkiError)
      }),
    )
  })
})
