import { encode, type Encoder, nullValue, objectIdentifier, sequence } from '../asn1/der-writer.js'
import { equalBytes } from '../encoding/bytes.js'
import { PkiError } from '../errors/pki-error.js'
import { type AlgorithmIdentifier, parseAlgorithmIdentifier } from './algorithm-identifier.js'
import type {
  DigestAlgorithm,
  SignatureAlgorithm,
  VerifyOnlyAlgorithm,
  WholeMessageAlgorithm,
} from './algorithm-names.js'
import { rsassaPssOid, wholeMessageOids } from './key-algorithms.js'
import { type PssDigest, type PssParameters, pssParameters, readPssParameters } from './pss-parameters.js'

/*
 * All that is known of each signature algorithm. Nothing outside this folder enumerates them.
 *
 * An AlgorithmIdentifier is compared as bytes, not taken apart: RFC 5280 §4.1.1.2 has it twice in a certificate, once
 * signed and once not, and parameters that a reader skips are parameters that an attacker chooses. So a row lists the
 * encodings that its RFC allows, and any other is an algorithm that we do not support. RSASSA-PSS alone has parameters
 * to be read (pss-parameters.ts).
 */

export type SignatureScheme = { name: SignatureAlgorithm | VerifyOnlyAlgorithm } & (
  | { family: 'RSA'; padding: 'pkcs1'; digest: DigestAlgorithm }
  | ({ family: 'RSA'; padding: 'pss' } & PssParameters)
  | { family: 'ECDSA'; digest: DigestAlgorithm }
  /** RFC 8032, FIPS 204, FIPS 205, all pure and with an empty context: there is no digest to choose. */
  | { family: 'wholeMessage'; name: WholeMessageAlgorithm }
)

export type SignatureAlgorithmRow = SignatureScheme & {
  name: SignatureAlgorithm
  oid: string
  /** The AlgorithmIdentifier that is written. */
  identifierDer: Uint8Array
  /** Other encodings of the same algorithm that are read. */
  alternativeIdentifiers: readonly Uint8Array[]
}

/** Ordered by how often each is met, since `findSignatureAlgorithm` walks it downwards. */
export const signatureAlgorithms: Readonly<Record<SignatureAlgorithm, SignatureAlgorithmRow>> = {
  'ECDSA-SHA256': ecdsa('ECDSA-SHA256', '1.2.840.10045.4.3.2', 'SHA-256'),
  'ECDSA-SHA384': ecdsa('ECDSA-SHA384', '1.2.840.10045.4.3.3', 'SHA-384'),
  'ECDSA-SHA512': ecdsa('ECDSA-SHA512', '1.2.840.10045.4.3.4', 'SHA-512'),
  'RSA-PKCS1-SHA256': pkcs1('RSA-PKCS1-SHA256', '1.2.840.113549.1.1.11', 'SHA-256'),
  'RSA-PKCS1-SHA384': pkcs1('RSA-PKCS1-SHA384', '1.2.840.113549.1.1.12', 'SHA-384'),
  'RSA-PKCS1-SHA512': pkcs1('RSA-PKCS1-SHA512', '1.2.840.113549.1.1.13', 'SHA-512'),
  'RSA-PSS-SHA256': pss('RSA-PSS-SHA256', 'SHA-256', 32),
  'RSA-PSS-SHA384': pss('RSA-PSS-SHA384', 'SHA-384', 48),
  'RSA-PSS-SHA512': pss('RSA-PSS-SHA512', 'SHA-512', 64),
  ...wholeMessageRows(),
}

/** RFC 5758 §3.2: parameters MUST be absent. */
function ecdsa(name: SignatureAlgorithm, oid: string, digest: DigestAlgorithm): SignatureAlgorithmRow {
  return { name, oid, family: 'ECDSA', digest, identifierDer: identifier(oid), alternativeIdentifiers: [] }
}

/** RFC 4055 §5: parameters MUST be NULL, and absent ones MUST be accepted. */
function pkcs1(name: SignatureAlgorithm, oid: string, digest: DigestAlgorithm): SignatureAlgorithmRow {
  return {
    name,
    oid,
    family: 'RSA',
    padding: 'pkcs1',
    digest,
    identifierDer: identifier(oid, nullValue),
    alternativeIdentifiers: [identifier(oid)],
  }
}

/** The salt is as long as the hash: RFC 4055 §3.1 recommends it, and CA/B BR 7.1.3.2.1 has nothing else. */
function pss(name: SignatureAlgorithm, digest: PssDigest, saltLength: number): SignatureAlgorithmRow {
  const identifierDer = identifier(rsassaPssOid, pssParameters({ digest, maskDigest: digest, saltLength }))
  return {
    name,
    oid: rsassaPssOid,
    family: 'RSA',
    padding: 'pss',
    digest,
    maskDigest: digest,
    saltLength,
    identifierDer,
    alternativeIdentifiers: [],
  }
}

function wholeMessageRows(): Record<WholeMessageAlgorithm, SignatureAlgorithmRow> {
  const names = Object.keys(wholeMessageOids) as WholeMessageAlgorithm[]
  return Object.fromEntries(names.map((name) => [name, wholeMessage(name)])) as Record<
    WholeMessageAlgorithm,
    SignatureAlgorithmRow
  >
}

/** RFC 8410 §3, RFC 9881 §2, RFC 9909 §3: parameters MUST be absent. */
function wholeMessage(name: WholeMessageAlgorithm): SignatureAlgorithmRow {
  const oid = wholeMessageOids[name]
  return { name, oid, family: 'wholeMessage', identifierDer: identifier(oid), alternativeIdentifiers: [] }
}

function identifier(oid: string, parameters?: Encoder): Uint8Array {
  return encode(sequence(objectIdentifier(oid), parameters))
}

const rows = Object.values(signatureAlgorithms)
const knownIdentifiers = rows.flatMap((row) =>
  [row.identifierDer, ...row.alternativeIdentifiers].map((der) => ({ row, der })),
)

/**
 * The signature algorithm that an AlgorithmIdentifier names. RSASSA-PSS has a name by its hash, whatever its salt and
 * the hash of its mask.
 *
 * @param algorithmIdentifierDer the whole SEQUENCE
 * @param options.allowSha1 for verifying what was signed before 2017; collisions of SHA-1 are for sale since. Default: false
 * @throws {PkiError} `unsupported_algorithm`: not in the table, or in it with other parameters
 * @throws {PkiError} `invalid_der`: no AlgorithmIdentifier
 */
export function findSignatureAlgorithm(
  algorithmIdentifierDer: Uint8Array,
  options: { readonly allowSha1?: boolean } = {},
): SignatureScheme {
  for (const { row, der } of knownIdentifiers) if (equalBytes(der, algorithmIdentifierDer)) return row
  for (const { scheme, der } of options.allowSha1 === true ? sha1Identifiers : []) {
    if (equalBytes(der, algorithmIdentifierDer)) return scheme
  }
  const identifier = parseAlgorithmIdentifier(algorithmIdentifierDer)
  const scheme = pssScheme(identifier)
  if (scheme === undefined) throw unsupportedIdentifier(identifier)
  return scheme
}

const rsaSha1: SignatureScheme = {
  name: 'RSA-PKCS1-SHA1',
  family: 'RSA',
  padding: 'pkcs1',
  digest: 'SHA-1',
}

/** RFC 3279 §2.2.1, with NULL, and absent as RFC 4055 §5 has it for the others; §2.2.3. */
const sha1Identifiers: readonly { readonly scheme: SignatureScheme; readonly der: Uint8Array }[] = [
  { scheme: rsaSha1, der: identifier('1.2.840.113549.1.1.5', nullValue) },
  { scheme: rsaSha1, der: identifier('1.2.840.113549.1.1.5') },
  {
    scheme: { name: 'ECDSA-SHA1', family: 'ECDSA', digest: 'SHA-1' },
    der: identifier('1.2.840.10045.4.1'),
  },
]

/** RFC 4055 §3.1: a salt of another length, another hash in MGF1, or hashes without their NULL. */
function pssScheme({ oid, parametersDer }: AlgorithmIdentifier): SignatureScheme | undefined {
  if (oid !== rsassaPssOid || parametersDer === undefined) return undefined
  const parameters = readPssParameters(parametersDer)
  if (parameters === undefined) return undefined
  return { name: pssNames[parameters.digest], family: 'RSA', padding: 'pss', ...parameters }
}

const pssNames: Readonly<Record<PssDigest, SignatureAlgorithm>> = {
  'SHA-256': 'RSA-PSS-SHA256',
  'SHA-384': 'RSA-PSS-SHA384',
  'SHA-512': 'RSA-PSS-SHA512',
}

/** What people call the algorithms that we refuse, and those that we refuse for their parameters. */
const namesForPeople: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'RSA with MD5',
  '1.2.840.113549.1.1.5': 'RSA with SHA-1',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'RSA with SHA-256',
  '1.2.840.113549.1.1.12': 'RSA with SHA-384',
  '1.2.840.113549.1.1.13': 'RSA with SHA-512',
  '1.2.840.113549.1.1.14': 'RSA with SHA-224',
  '1.2.840.10040.4.3': 'DSA with SHA-1',
  '1.2.840.10045.4.1': 'ECDSA with SHA-1',
  '1.2.840.10045.4.3.1': 'ECDSA with SHA-224',
  '1.2.840.10045.4.3.2': 'ECDSA with SHA-256',
  '1.2.840.10045.4.3.3': 'ECDSA with SHA-384',
  '1.2.840.10045.4.3.4': 'ECDSA with SHA-512',
  ...Object.fromEntries(Object.entries(wholeMessageOids).map(([name, oid]) => [oid, name])),
}

function unsupportedIdentifier({ oid }: AlgorithmIdentifier): PkiError<'unsupported_algorithm'> {
  const name = namesForPeople[oid]
  const algorithm = name === undefined ? oid : `${name} (${oid})`
  const isKnown = rows.some((row) => row.oid === oid)
  const state = isKnown ? 'is not supported with these parameters' : 'is not supported'
  return new PkiError('unsupported_algorithm', `Cannot use signature algorithm: ${algorithm} ${state}`, {
    algorithm,
  })
}
