import { createHash, createPrivateKey, sign } from 'node:crypto'
import {
  createAuthority,
  operator,
  parseCertificate,
  parseOcspResponse,
  parsePublicKey,
  platformCrypto,
  type SerialNumber,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { encode, nullValue, objectIdentifier, sequence } from '../packages/core/src/asn1/der-writer.js'
import { createExtension } from '../packages/core/src/x509/extension.js'
import { ocspNonce } from '../packages/core/src/x509/extensions/ocsp-nonce.js'
import { encodeOcspRequest } from '../packages/core/src/x509/ocsp-request.js'
import { measure, print } from './measure.js'

/*
 * OCSP in process, P-256, memory storage: parse the request, look the status up, assemble, sign. With a nonce every
 * answer is signed; the limit is that signature alone. Without one, an answer that was signed before is given.
 */

const count = 2000
const rounds = 7
const warmUps = 16
const certificates = 500

const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
const me = { principal: operator('bench') }
const ca = await authority.createRoot({ name: 'Bench Root' }, me)
const issuer = parseCertificate(await authority.caCertificate(ca.id))
const serials = await issueSome()
const withNonce = serials.map((serialNumber, i) =>
  questionAbout(serialNumber, createHash('sha256').update(`${i}`).digest()),
)
const plain = serials.map((serialNumber) => questionAbout(serialNumber))
await assertGood(withNonce)
await assertGood(plain)

const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
const key = createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' })
const example = parseOcspResponse((await authority.answerOcsp(ca.id, withNonce[0] as Uint8Array)).der)
if (example.status !== 'successful') throw new Error(example.status)
const { tbsDer } = example.basic

const rawSign = {
  name: 'node:crypto alone (sign)',
  run(n: number): void {
    for (let i = 0; i < n; i++) sign('sha256', tbsDer, { key, dsaEncoding: 'der' })
  },
}
const live = { ...answering('answer, signed for it (nonce)', withNonce), limit: rawSign.name }
const kept = { ...answering('answer, signed before', plain), limit: rawSign.name }

print(await measure('ocsp', [rawSign, live, kept], { rounds, warmUps, count }))

function answering(name: string, questions: readonly Uint8Array[]) {
  let asked = 0
  const run = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++)
      await authority.answerOcsp(ca.id, questions[asked++ % questions.length] as Uint8Array)
  }
  return { name, run }
}

async function issueSome(): Promise<readonly SerialNumber[]> {
  const requests = Array.from({ length: certificates }, (_, i) => ({
    caId: ca.id,
    commonName: `host-${i}.example.org`,
  }))
  const issued = await authority.issueMany(requests, me)
  return issued.map(({ certificate }) => certificate.serialNumber)
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest()

function questionAbout(serialNumber: SerialNumber, nonce?: Uint8Array): Uint8Array {
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

async function assertGood(questions: readonly Uint8Array[]): Promise<void> {
  for (const question of questions) {
    const response = parseOcspResponse((await authority.answerOcsp(ca.id, question)).der)
    const status = response.status === 'successful' && response.basic.responses[0]?.status.kind
    if (status !== 'good') throw new Error(`a good certificate is told to be ${status}`)
  }
}
