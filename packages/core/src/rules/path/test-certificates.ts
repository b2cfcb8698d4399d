import { ed25519 } from '@noble/curves/ed25519.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { encodePublicKey } from '../../crypto/public-key.js'
import { type Certificate, encodeTbsCertificate, parseCertificate } from '../../x509/certificate.js'
import {
  parseCrl,
  type CertificateRevocationList,
  encodeTbsCertList,
} from '../../x509/certificate-revocation-list.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { keyUsage, type KeyUsage } from '../../x509/extensions/key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { createName } from '../../x509/name.js'
import { encodeRevokedCertificates, type RevokedCertificate } from '../../x509/revoked-certificate.js'
import { parseSerialNumber, type SerialNumber } from '../../x509/serial-number.js'
import { encodeSignedData } from '../../x509/signed-data.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import type { PathSettings } from './path-settings.js'
import type { Asking, Question } from './questions.js'

/* Certificates as a test wants them, right or wrong: Ed25519, so that a chain takes a millisecond. */

export const noon = new Date('2026-03-01T12:00:00Z')
export const days = (count: number, from = noon): Date => new Date(from.getTime() + count * 86_400_000)

export interface TestKey {
  readonly secretKey: Uint8Array
  readonly spkiDer: Uint8Array
}

export function newKey(): TestKey {
  const { secretKey, publicKey } = ed25519.keygen()
  return { secretKey, spkiDer: encodePublicKey(keyAlgorithms.Ed25519.identifierDer, publicKey) }
}

export interface TestCa {
  readonly name: string
  readonly key: TestKey
  readonly certificate: Certificate
}

interface Spec {
  readonly name: string
  readonly key: TestKey
  readonly issuer?: { readonly name: string; readonly key: TestKey }
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly serialNumber?: SerialNumber
  readonly extensions?: readonly Extension[]
}

const { identifierDer: signatureAlgorithmDer } = signatureAlgorithms.Ed25519
let serials = 1

export function certificateOf(spec: Spec): Certificate {
  const { name, key, issuer = spec, notBefore = days(-1), notAfter = days(300) } = spec
  const tbsDer = encodeTbsCertificate({
    serialNumber: spec.serialNumber ?? parseSerialNumber((0x1000 + serials++).toString(16).padStart(6, '0')),
    signatureAlgorithmDer,
    issuer: createName({ commonName: issuer.name }),
    notBefore,
    notAfter,
    subject: createName({ commonName: name }),
    spkiDer: key.spkiDer,
    extensions: spec.extensions ?? [],
  })
  const signature = ed25519.sign(tbsDer, issuer.key.secretKey)
  return parseCertificate(encodeSignedData({ tbsDer, signatureAlgorithmDer, signature }))
}

export interface CaOptions {
  readonly issuer?: TestCa
  readonly key?: TestKey
  readonly pathLength?: number
  readonly usages?: readonly KeyUsage[]
  readonly extensions?: readonly Extension[]
  readonly notAfter?: Date
}

/** A CA; a root where it has no issuer. */
export function caOf(name: string, options: CaOptions = {}): TestCa {
  const { key = newKey(), issuer, pathLength, usages = ['keyCertSign', 'cRLSign'], extensions = [] } = options
  const certificate = certificateOf({
    name,
    key,
    ...(issuer && { issuer }),
    ...(options.notAfter && { notAfter: options.notAfter }),
    extensions: [
      createExtension(basicConstraints, { isCa: true, pathLength }, { critical: true }),
      createExtension(keyUsage, usages, { critical: true }),
      ...extensions,
    ],
  })
  return { name, key, certificate }
}

/** The end entity of every test, for `host`. */
export function leafOf(
  issuer: TestCa,
  options: {
    readonly host?: string
    readonly notAfter?: Date
    readonly extensions?: readonly Extension[]
  } = {},
): Certificate {
  const { host = 'db.example.org', extensions = [], notAfter } = options
  const names = createExtension(subjectAltName, [{ type: 'dns', value: host }], { critical: false })
  return certificateOf({
    name: host,
    key: newKey(),
    issuer,
    ...(notAfter && { notAfter }),
    extensions: [names, ...extensions],
  })
}

export interface CrlSpec {
  readonly issuer: TestCa
  readonly entries?: readonly RevokedCertificate[]
  /** Entries that are encoded already, instead. */
  readonly slabs?: readonly Uint8Array[]
  readonly extensions?: readonly Extension[]
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
}

export function crlOf(spec: CrlSpec): CertificateRevocationList {
  const { issuer, entries = [], extensions = [], thisUpdate = days(-1), nextUpdate = days(6) } = spec
  const list = {
    signatureAlgorithmDer,
    issuer: createName({ commonName: issuer.name }),
    thisUpdate,
    nextUpdate,
    extensions,
  }
  const { slabs = entries.length === 0 ? [] : [encodeRevokedCertificates(entries)] } = spec
  const envelope = encodeTbsCertList(list, slabs)
  const signature = ed25519.sign(envelope.tbsDer, issuer.key.secretKey)
  return parseCrl(envelope.seal({ tbsDer: envelope.tbsDer, signatureAlgorithmDer, signature }))
}

/** Validation that asks for nothing but a path at noon. */
export const plainSettings: PathSettings = {
  at: noon,
  purposes: [],
  requirePurpose: false,
  keyUsages: [],
  identities: [],
  maximumDepth: undefined,
  initialPolicySet: undefined,
  initialExplicitPolicy: false,
  initialPolicyMappingInhibit: false,
  initialAnyPolicyInhibit: false,
  anchor: { expiry: false, constraints: false, basicConstraints: false, asEndEntity: false },
  allowSha1: false,
  minimumRsaBits: 2048,
  rules: [],
  matchKeyIdentifiers: false,
}

/** A decision at its end, with every question that it has asked. Signatures are verified, unless `answer` says otherwise. */
export function decide<T>(
  decision: Asking<T>,
  answer: (question: Question) => unknown = () => undefined,
): { readonly value: T; readonly asked: readonly Question[] } {
  const asked: Question[] = []
  let step = decision.next()
  while (step.done !== true) {
    asked.push(step.value)
    step = decision.next(answer(step.value) ?? verifies(step.value))
  }
  return { value: step.value, asked }
}

const verifies = (question: Question): boolean | undefined =>
  question.ask === 'signature'
    ? ed25519.verify(question.signed.signature, question.signed.tbsDer, question.publicKey.keyBits)
    : undefined

/** The same in another order, the same for the same seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const list = [...items]
  let state = seed | 1
  for (let i = list.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const j = state % (i + 1)
    ;[list[i], list[j]] = [list[j] as T, list[i] as T]
  }
  return list
}
