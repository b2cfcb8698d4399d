import { createHash } from 'node:crypto'
import {
  type Authority,
  createAuthority,
  operator,
  parseCertificate,
  parseOcspResponse,
  parsePublicKey,
  type SerialNumber,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { encode, nullValue, objectIdentifier, sequence } from '../../packages/core/src/asn1/der-writer.js'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { ocspNonce } from '../../packages/core/src/x509/extensions/ocsp-nonce.js'
import { encodeOcspRequest } from '../../packages/core/src/x509/ocsp-request.js'

const certificates = 500
const me = { principal: operator('bench') }

/** A CA with certificates, in memory, and questions about each of them. */
export interface Responder {
  readonly authority: Authority
  readonly caId: string
  /** The answer to one of these is signed once for all who ask. */
  readonly questions: readonly Uint8Array[]
  /** The answer to one of these is signed for whoever asks. */
  readonly questionsWithNonce: readonly Uint8Array[]
}

export async function openResponder(): Promise<Responder> {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const { id: caId } = await authority.createRoot({ name: 'Bench Root' }, me)
  const requests = Array.from({ length: certificates }, (_, i) => ({
    caId,
    commonName: `host-${i}.example.org`,
  }))
  const issued = await authority.issueMany(requests, me)
  const serials = issued.map(({ certificate }) => certificate.serialNumber)
  const issuerDer = await authority.caCertificate(caId)
  const questions = serials.map((serialNumber) => questionAbout(serialNumber, issuerDer))
  const questionsWithNonce = serials.map((serialNumber, i) =>
    questionAbout(serialNumber, issuerDer, createHash('sha256').update(`${i}`).digest()),
  )
  for (const question of [...questions, ...questionsWithNonce]) await assertGood(authority, caId, question)
  return { authority, caId, questions, questionsWithNonce }
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest()

function questionAbout(serialNumber: SerialNumber, issuerDer: Uint8Array, nonce?: Uint8Array): Uint8Array {
  const issuer = parseCertificate(issuerDer)
  const hashAlgorithm = '1.3.14.3.2.26'
  const certId = {
    hashAlgorithm,
    hashAlgorithmDer: encode(sequence(objectIdentifier(hashAlgorithm), nullValue)),
    issuerNameHash: sha1(issuer.subject.der),
    issuerKeyHash: sha1(parsePublicKey(issuer.spkiDer).keyBits),
    serialNumber,
  }
  return encodeOcspRequest({
    requests: [{ certId, extensions: [] }],
    extensions: nonce === undefined ? [] : [createExtension(ocspNonce, nonce, { critical: false })],
  })
}

async function assertGood(authority: Authority, caId: string, question: Uint8Array): Promise<void> {
  const response = parseOcspResponse((await authority.answerOcsp(caId, question)).der)
  const status = response.status === 'successful' && response.basic.responses[0]?.status.kind
  if (status !== 'good') throw new Error(`a good certificate is told to be ${status}`)
}
