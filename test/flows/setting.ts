import { createHash } from 'node:crypto'
import {
  type Authority,
  type CertStatus,
  type Clock,
  createAuthority,
  type CreateAuthorityOptions,
  findSignatureAlgorithm,
  type KeyAlgorithm,
  type KeyCustody,
  ocspNonce,
  operator,
  parseCertificate,
  parseOcspResponse,
  parsePublicKey,
  pemEncode,
  platformCrypto,
  type SerialNumber,
  type Storage,
  subjectAltName,
  verifySignature,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import {
  encode,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
} from '../../packages/core/src/asn1/der-writer.js'
import { keyAlgorithms } from '../../packages/core/src/crypto/key-algorithms.js'
import { signatureAlgorithms } from '../../packages/core/src/crypto/signature-algorithms.js'
import {
  encodeCertificationRequestInfo,
  extensionRequest,
} from '../../packages/core/src/x509/certificate-request.js'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { createName } from '../../packages/core/src/x509/name.js'
import { encodeOcspRequest } from '../../packages/core/src/x509/ocsp-request.js'
import { encodeSignedData, type SignedData } from '../../packages/core/src/x509/signed-data.js'

/* An authority over the reference adapters, with a clock that only the test moves. */

export const startTime = new Date('2026-03-01T12:00:00Z')
export const day = 24 * 60 * 60
export const asHost = { principal: operator('tests') }
export const passphrase = 'correct horse battery staple'

export interface MovableClock extends Clock {
  /** Negative: set it back. */
  forward(seconds: number): void
}

export function movableClock(): MovableClock {
  let now = startTime.getTime()
  return {
    now: () => new Date(now),
    forward(seconds) {
      now += seconds * 1000
    },
  }
}

/** A guess at a passphrase costs nothing here. */
export const cheapCustody = (): KeyCustody => memoryCustody({ scrypt: { N: 2, r: 1, p: 1 } })

export interface Setting {
  readonly storage: Storage
  readonly custody: KeyCustody
  readonly clock: MovableClock
  readonly authority: Authority
}

/** Over other ports where the test gives them. */
export function newSetting(
  options: Partial<CreateAuthorityOptions> & { readonly clock?: MovableClock } = {},
): Setting {
  const { storage = memoryStorage(), custody = cheapCustody(), clock = movableClock() } = options
  return { storage, custody, clock, authority: createAuthority({ ...options, storage, custody, clock }) }
}

/** Ed25519 throughout: keys in microseconds. */
export const newRoot = (authority: Authority, change: Partial<Parameters<Authority['createRoot']>[0]> = {}) =>
  authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519', ...change }, asHost)

/** A CSR as a subscriber makes it. */
export async function newCsr(
  wish: {
    readonly commonName?: string
    readonly dns?: readonly string[]
    readonly ip?: readonly Uint8Array[]
    readonly keyAlgorithm?: KeyAlgorithm
  } = {},
): Promise<string> {
  const { commonName, dns = [], ip = [], keyAlgorithm = 'Ed25519' } = wish
  const { pkcs8Der } = await platformCrypto.generateKeyPair(keyAlgorithm)
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const names = [
    ...dns.map((value) => ({ type: 'dns', value }) as const),
    ...ip.map((address) => ({ type: 'ip', address }) as const),
  ]
  const tbsDer = encodeCertificationRequestInfo({
    subject: createName({ ...(commonName !== undefined && { commonName }) }),
    spkiDer: key.spkiDer,
    attributes:
      names.length === 0
        ? []
        : [extensionRequest([createExtension(subjectAltName, names, { critical: false })])],
  })
  const algorithm = keyAlgorithms[keyAlgorithm].defaultSignatureAlgorithm
  const signature = await key.sign(algorithm, tbsDer)
  const signatureAlgorithmDer = signatureAlgorithms[algorithm].identifierDer
  return pemEncode('CERTIFICATE REQUEST', encodeSignedData({ tbsDer, signatureAlgorithmDer, signature }))
}

/** Whether one has signed the other, as a relying party finds out. */
export const isSignedBy = async (
  { tbsDer, signatureAlgorithmDer, signature }: SignedData,
  issuer: { readonly spkiDer: Uint8Array },
): Promise<boolean> =>
  verifySignature(platformCrypto, {
    algorithm: findSignatureAlgorithm(signatureAlgorithmDer),
    publicKey: parsePublicKey(issuer.spkiDer),
    message: tbsDer,
    signature,
  })

const hash = (algorithm: string, bytes: Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytes).digest())
export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The question of a client about a serial number of an issuer (RFC 6960 §4.1.1), with SHA-1 as most send it. */
export const ocspQuestion = (
  issuer: { readonly certificateDer: Uint8Array },
  serialNumber: SerialNumber,
  nonce?: Uint8Array,
): Uint8Array => ocspQuestions(issuer, [serialNumber], nonce)

/** The same about several. @param nonce of any length, also one that no client may send */
export function ocspQuestions(
  issuer: { readonly certificateDer: Uint8Array },
  serialNumbers: readonly SerialNumber[],
  nonce?: Uint8Array,
): Uint8Array {
  const { subject, spkiDer } = parseCertificate(issuer.certificateDer)
  const hashAlgorithm = '1.3.14.3.2.26'
  const common = {
    hashAlgorithm,
    hashAlgorithmDer: encode(sequence(objectIdentifier(hashAlgorithm), nullValue)),
    issuerNameHash: hash('sha1', subject.der),
    issuerKeyHash: hash('sha1', parsePublicKey(spkiDer).keyBits),
  }
  return encodeOcspRequest({
    requests: serialNumbers.map((serialNumber) => ({ certId: { ...common, serialNumber }, extensions: [] })),
    extensions:
      nonce === undefined
        ? []
        : [{ oid: ocspNonce.oid, critical: false, valueDer: encode(octetString(nonce)) }],
  })
}

/** What the CA's responder says of one serial number. */
export async function ocspStatus(
  authority: Authority,
  ca: { readonly id: string; readonly certificateDer: Uint8Array },
  serialNumber: SerialNumber,
): Promise<CertStatus> {
  const { der } = await authority.answerOcsp(ca.id, ocspQuestion(ca, serialNumber))
  const response = parseOcspResponse(der)
  if (response.status !== 'successful') throw new Error(`the responder says ${response.status}`)
  const [single] = response.basic.responses
  if (single === undefined) throw new Error('the responder says nothing')
  return single.status
}
