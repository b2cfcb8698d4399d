import { DerReader } from '../asn1/der-reader.js'
import { Tag } from '../asn1/tags.js'
import { PkiError } from '../errors/pki-error.js'
import { equalBytes } from '../encoding/bytes.js'
import { type AlgorithmIdentifier, parseAlgorithmIdentifier } from './algorithm-identifier.js'
import {
  ecPublicKeyOid,
  type KeyAlgorithmRow,
  keyAlgorithms,
  rsaEncryptionOid,
  rsassaPssOid,
  wholeMessageOids,
} from './key-algorithms.js'
import { type PssParameters, readPssParameters } from './pss-parameters.js'

/** What the AlgorithmIdentifier of a key says. */
export interface KeyType {
  /** Of RSA the first of several, which differ in size. */
  row: KeyAlgorithmRow
  /** Present: signatures are limited to these parameters (RFC 4055 §3.3). */
  pssParameters: PssParameters | undefined
}

const rows = Object.values(keyAlgorithms)
const rsaPssRow = keyAlgorithms['RSA-PSS-2048']

/**
 * @param identifierDer of SubjectPublicKeyInfo or PKCS#8
 * @throws {PkiError} `unsupported_algorithm`: none in the table; `invalid_key`: with parameters that its RFC forbids
 * @throws {PkiError} `invalid_der`: no AlgorithmIdentifier
 */
export function readKeyType(identifierDer: Uint8Array): KeyType {
  const row = rows.find((row) => equalBytes(row.identifierDer, identifierDer))
  if (row !== undefined) return { row, pssParameters: undefined }
  const identifier = parseAlgorithmIdentifier(identifierDer)
  const { oid, parametersDer } = identifier
  if (oid === rsassaPssOid && parametersDer !== undefined) {
    const pssParameters = readPssParameters(parametersDer)
    if (pssParameters !== undefined) return { row: rsaPssRow, pssParameters }
  }
  throw unusableKeyType(identifier)
}

/** The row of an RSA key; `undefined` for a size that is verified with and not made. */
export const rsaRowOf = (family: 'RSA' | 'RSA-PSS', bits: number): KeyAlgorithmRow | undefined =>
  rows.find((row) => row.family === family && row.bits === bits)

/** What people call the keys that we refuse. */
const namesForPeople: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.7': 'RSAES-OAEP',
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.10046.2.1': 'Diffie-Hellman',
  '1.3.101.110': 'X25519',
  '1.3.101.111': 'X448',
  '1.2.840.10045.3.1.1': 'P-192',
  '1.3.132.0.10': 'secp256k1',
  '1.3.132.0.33': 'P-224',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
}

const wholeMessageNames = new Map(Object.entries(wholeMessageOids).map(([name, oid]) => [oid, name]))

function unusableKeyType({
  oid,
  parametersDer,
}: AlgorithmIdentifier): PkiError<'unsupported_algorithm'> | PkiError<'invalid_key'> {
  switch (oid) {
    case rsaEncryptionOid:
      return invalidParameters('RSA', 'the parameters of rsaEncryption must be NULL (RFC 3279 §2.3.1)')
    case rsassaPssOid:
      return unsupported(`the key type RSASSA-PSS (${oid}) with these parameters`)
    case ecPublicKeyOid:
      return unusableCurve(parametersDer)
  }
  const name = wholeMessageNames.get(oid)
  if (name === undefined) return unsupported(`the key type ${named(oid)}`)
  return invalidParameters(
    name,
    `the parameters of ${name} must be absent (RFC 8410 §3, RFC 9881 §2, RFC 9909 §3)`,
  )
}

/** RFC 5480 §2.1.1: `namedCurve` is the only choice; explicit parameters let an attacker choose the generator. */
function unusableCurve(
  parametersDer: Uint8Array | undefined,
): PkiError<'unsupported_algorithm'> | PkiError<'invalid_key'> {
  if (parametersDer?.[0] !== Tag.objectIdentifier) {
    return invalidParameters('ECDSA', 'the curve must be given by its object identifier (RFC 5480 §2.1.1)')
  }
  return unsupported(`the curve ${named(new DerReader(parametersDer).objectIdentifier())}`)
}

function named(oid: string): string {
  const name = namesForPeople[oid]
  return name === undefined ? oid : `${name} (${oid})`
}

function unsupported(algorithm: string): PkiError<'unsupported_algorithm'> {
  return new PkiError('unsupported_algorithm', `Cannot use key: ${algorithm} is not supported`, {
    algorithm: algorithm.replace(/^the /, ''),
  })
}

function invalidParameters(algorithm: string, state: string): PkiError<'invalid_key'> {
  return new PkiError('invalid_key', `Cannot read ${algorithm} key: ${state}`, { algorithm })
}
