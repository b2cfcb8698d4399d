import { DerReader } from '../asn1/der-reader.js'
import { encode, integer, objectIdentifier, octetString, raw, sequence } from '../asn1/der-writer.js'
import { contextConstructed, Tag } from '../asn1/tags.js'
import { equalBytes } from '../encoding/bytes.js'
import { PkiError } from '../errors/pki-error.js'
import { ecPublicKeyOid, type KeyAlgorithmRow, type WholeMessageRow } from './key-algorithms.js'
import { readKeyType, rsaRowOf } from './key-type.js'
import { readMlDsaPrivateKey } from './ml-dsa-private-key.js'
import { encryptedKey, invalidKey } from './private-key-error.js'
import { bitLength, readPositive } from './rsa-numbers.js'
import { rsaWeaknesses } from './weak-keys.js'

/** A private key that has been examined. All arrays are views on the input. */
export interface PrivateKey {
  row: KeyAlgorithmRow
  /** AlgorithmIdentifier: that of the row, or one of RSASSA-PSS with parameters. */
  identifierDer: Uint8Array
  /** Content of the OCTET STRING `privateKey`. */
  content: Uint8Array
}

/**
 * Check that bytes are a PKCS#8 private key of a type in the table, and say which.
 *
 * Structure only: that the numbers belong together is seen by signing with them, as `importSigningKey` does. Errors
 * tell of offsets and lengths, never of content.
 *
 * @param pkcs8Der OneAsymmetricKey (RFC 5958 §2), either version, not encrypted
 * @throws {PkiError} `invalid_der` | `invalid_key` | `unsupported_algorithm` | `weak_key`: RSA below 2048 bits
 */
export function parsePrivateKey(pkcs8Der: Uint8Array): PrivateKey {
  const outer = new DerReader(pkcs8Der)
  const reader = outer.sequence()
  outer.finish()
  if (reader.peekTag() === Tag.sequence) throw encryptedKey()
  const version = readVersion(reader, 0, 1)
  const identifierDer = reader.readElement(Tag.sequence)
  const content = reader.octetString()
  // Attributes, and in version 2 the public key: nothing that we use. The public key is computed from the private one.
  reader.readOptional(contextConstructed(0))
  if (version === 1) reader.optionalContextPrimitive(1)
  reader.finish()
  const { row } = readKeyType(identifierDer)
  return { row: checkContent(content, row), identifierDer, content }
}

/** PrivateKeyInfo of version 1, which every platform takes. */
export const encodePkcs8 = (identifierDer: Uint8Array, content: Uint8Array): Uint8Array =>
  encode(sequence(integer(0), raw(identifierDer), octetString(content)))

function checkContent(content: Uint8Array, row: KeyAlgorithmRow): KeyAlgorithmRow {
  switch (row.family) {
    case 'RSA':
    case 'RSA-PSS':
      return rsaRow(content, row.family)
    case 'ECDSA':
      checkEcPrivateKey(content, row)
      return row
    case 'EdDSA':
      checkLength(readEdDsaSeed(content), row)
      return row
    case 'ML-DSA':
      readMlDsaPrivateKey(content, row)
      return row
    case 'SLH-DSA':
      checkLength(content, row) // RFC 9909 §7: the octets, nothing around them
      return row
  }
}

/** RSAPrivateKey of two primes (RFC 8017 §A.1.2): version, n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p. */
function rsaRow(der: Uint8Array, family: 'RSA' | 'RSA-PSS'): KeyAlgorithmRow {
  const outer = new DerReader(der)
  const reader = outer.sequence()
  outer.finish()
  readVersion(reader, 0)
  const bits = bitLength(readPositive(reader, 'modulus'))
  for (let i = 0; i < 7; i++) readPositive(reader, 'private number')
  reader.finish()
  const row = rsaRowOf(family, bits)
  if (row !== undefined) return row
  const algorithm = `${family}-${bits}`
  if (bits < 2048) {
    throw new PkiError('weak_key', `Cannot use RSA key: ${rsaWeaknesses.size}`, {
      algorithm: 'RSA',
      bits,
      weakness: 'size',
    })
  }
  throw new PkiError('unsupported_algorithm', `Cannot use private key: ${algorithm} is not supported`, {
    algorithm,
  })
}

function checkEcPrivateKey(der: Uint8Array, row: KeyAlgorithmRow & { family: 'ECDSA' }): void {
  const { scalar, curveDer } = readEcPrivateKey(der)
  if (scalar.length !== row.coordinateOctets) {
    throw invalidKey(
      `the scalar has ${scalar.length} octets where ${row.coordinateOctets} are required`,
      row.name,
    )
  }
  if (curveDer !== undefined && !equalBytes(ecIdentifier(curveDer), row.identifierDer)) {
    throw invalidKey('it names two curves', row.name)
  }
}

/** RFC 5915 §3. `curveDer` is the whole parameters element, which PKCS#8 leaves out. */
export function readEcPrivateKey(der: Uint8Array): { scalar: Uint8Array; curveDer: Uint8Array | undefined } {
  const outer = new DerReader(der)
  const reader = outer.sequence()
  outer.finish()
  readVersion(reader, 1)
  const scalar = reader.octetString()
  const parameters = reader.optionalContext(0)
  const curveDer = parameters?.readAny()
  parameters?.finish()
  const publicKey = reader.optionalContext(1)
  publicKey?.octetAlignedBitString()
  publicKey?.finish()
  reader.finish()
  return { scalar, curveDer }
}

/** AlgorithmIdentifier of a key on a curve. */
export const ecIdentifier = (curveDer: Uint8Array): Uint8Array =>
  encode(sequence(objectIdentifier(ecPublicKeyOid), raw(curveDer)))

/** CurvePrivateKey ::= OCTET STRING (RFC 8410 §7). */
export function readEdDsaSeed(content: Uint8Array): Uint8Array {
  const reader = new DerReader(content)
  const seed = reader.octetString()
  reader.finish()
  return seed
}

function checkLength(secret: Uint8Array, { name, privateKeyOctets }: WholeMessageRow): void {
  if (secret.length === privateKeyOctets) return
  throw invalidKey(`it has ${secret.length} octets where ${privateKeyOctets} are required`, name)
}

function readVersion(reader: DerReader, ...allowed: readonly number[]): number {
  const version = reader.smallInteger()
  if (!allowed.includes(version))
    throw invalidKey(`its version is ${version} where ${allowed.join(' or ')} is expected`)
  return version
}
