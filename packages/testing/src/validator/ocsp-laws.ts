import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { type MaybePromise, ocspNonce, parsePublicKey } from '@certwright/core'
import {
  encode,
  explicit,
  nullValue,
  objectIdentifier,
  octetString,
  primitive,
  sequence,
  Tag,
} from '@certwright/core/der'
import { extension, extensionFields } from '../forge/fields/extension-spec.js'
import { daysFrom, forgeTime } from '../forge/fields/time-spec.js'
import { forgeCa, type ForgedCertificate, forgeEndEntity } from '../forge/forge-certificate.js'
import { forgeOcspResponse, type OcspStatusSpec } from '../forge/forge-ocsp-response.js'
import type { LawOptions, ValidatorLaw } from './validator-law.js'

/** What a client of OCSP is asked. Every array of octets is DER. */
export interface OcspQuestion {
  readonly certificate: Uint8Array
  /** Trusted already. */
  readonly issuer: Uint8Array
  /** What was sent: it has a nonce. */
  readonly request: Uint8Array
  readonly response: Uint8Array
  readonly at: Date
}

/** What it throws counts as "unknown". */
export type OcspClient = (question: OcspQuestion) => MaybePromise<'good' | 'revoked' | 'unknown'>

interface Exchange {
  readonly status: 'good' | 'revoked'
  /** Of the request; RFC 9654 §2.1: 1 to 128 octets. */
  readonly nonce: Uint8Array
  /** The same length, and another one. */
  readonly earlierNonce: Uint8Array
  readonly digest: 'SHA-1' | 'SHA-256'
}

const exchanges: fc.Arbitrary<Exchange> = fc.record({
  status: fc.constantFrom('good', 'revoked'),
  ...nonces(),
  digest: fc.constantFrom('SHA-1', 'SHA-256'),
})

function nonces() {
  const octets = fc.uint8Array({ minLength: 32, maxLength: 32 })
  return { nonce: octets, earlierNonce: octets.map((one) => Uint8Array.from([...one.subarray(1), 0x99])) }
}

interface OcspRow {
  readonly name: string
  /** What comes back for a request with this nonce. */
  readonly nonce: (exchange: Exchange) => Uint8Array | undefined
  readonly isTold: boolean
}

const rows: readonly OcspRow[] = [
  {
    name: 'takes the status from a response with the nonce of the request',
    nonce: ({ nonce }) => nonce,
    isTold: true,
  },
  {
    name: 'takes the status from a response without a nonce, which was made in advance (RFC 9654 §2.1)',
    nonce: () => undefined,
    isTold: true,
  },
  {
    name: 'refuses a response with the nonce of an earlier request (RFC 9654 §2.1)',
    nonce: ({ earlierNonce }) => earlierNonce,
    isTold: false,
  },
  {
    name: 'refuses a response with the beginning of the nonce (RFC 9654 §2.1)',
    nonce: ({ nonce }) => nonce.subarray(0, 8),
    isTold: false,
  },
]

/** What RFC 6960 and RFC 9654 ask of whoever has sent a request with a nonce. */
export const ocspLaws = (client: OcspClient): readonly ValidatorLaw[] =>
  rows.map(({ name, nonce, isTold }) => ({
    group: 'an OCSP response',
    name,
    async run({ runs = 25, seed = 1, shrink = true }: LawOptions = {}) {
      const property = fc.asyncProperty(exchanges, async (exchange) => {
        const told = await askClient(client, questionOf(exchange, nonce(exchange)))
        return told === (isTold ? exchange.status : 'unknown')
      })
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: !shrink })
    },
  }))

async function askClient(client: OcspClient, question: OcspQuestion) {
  try {
    return await client(question)
  } catch {
    return 'unknown'
  }
}

function questionOf(exchange: Exchange, answered: Uint8Array | undefined): OcspQuestion {
  const issuer = forgeCa({ subject: 'OCSP law CA' })
  const certificate = forgeEndEntity({ issuer })
  const status: OcspStatusSpec = exchange.status === 'good' ? 'good' : { revokedAt: daysFrom(forgeTime, -1) }
  const { serialNumber } = certificate
  return {
    certificate: certificate.der,
    issuer: issuer.der,
    request: requestDer(certificate, issuer, exchange.nonce),
    response: forgeOcspResponse({
      responder: issuer,
      responses: [{ issuer, serialNumber, status, digest: exchange.digest }],
      ...(answered && { nonce: answered }),
    }),
    at: forgeTime,
  }
}

/** RFC 6960 §4.1.1, with one extension. */
function requestDer(
  certificate: ForgedCertificate,
  issuer: ForgedCertificate,
  nonce: Uint8Array,
): Uint8Array {
  const certId = sequence(
    sequence(objectIdentifier('1.3.14.3.2.26'), nullValue),
    sha1(issuer.subjectDer),
    sha1(parsePublicKey(issuer.key.spkiDer).keyBits),
    primitive(Tag.integer, certificate.serialNumber),
  )
  return encode(
    sequence(
      sequence(sequence(sequence(certId)), explicit(2, extensionFields([extension(ocspNonce, nonce)]))),
    ),
  )
}

const sha1 = (octets: Uint8Array) => octetString(new Uint8Array(createHash('sha1').update(octets).digest()))
