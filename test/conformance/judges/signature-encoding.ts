import {
  bitString,
  type Encoder,
  encode,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  sequence,
  unsignedInteger,
} from '../../../packages/core/src/asn1/der-writer.js'

/*
 * From the parameters of a signature case to the DER that X.509 has in their place. Algorithms are here that we do not
 * support (`unsupportedBy`): to refuse each of their signatures, the wrong ones too, would prove nothing.
 */

type Params = Readonly<Record<string, unknown>>

const nistHashes = '2.16.840.1.101.3.4.2'
const nistSignatures = '2.16.840.1.101.3.4.3'
const pkcs1 = '1.2.840.113549.1.1'

/** Hash → its OID, and those of the signatures with it: RFC 4055, RFC 5754, RFC 5758, RFC 8702, RFC 9688. */
const hashes: Readonly<Record<string, { oid: string; rsa?: string; ecdsa?: string }>> = {
  'SHA-1': { oid: '1.3.14.3.2.26', rsa: `${pkcs1}.5`, ecdsa: '1.2.840.10045.4.1' },
  'SHA-224': { oid: `${nistHashes}.4`, rsa: `${pkcs1}.14`, ecdsa: '1.2.840.10045.4.3.1' },
  'SHA-256': { oid: `${nistHashes}.1`, rsa: `${pkcs1}.11`, ecdsa: '1.2.840.10045.4.3.2' },
  'SHA-384': { oid: `${nistHashes}.2`, rsa: `${pkcs1}.12`, ecdsa: '1.2.840.10045.4.3.3' },
  'SHA-512': { oid: `${nistHashes}.3`, rsa: `${pkcs1}.13`, ecdsa: '1.2.840.10045.4.3.4' },
  'SHA-512/224': { oid: `${nistHashes}.5`, rsa: `${pkcs1}.15` },
  'SHA-512/256': { oid: `${nistHashes}.6`, rsa: `${pkcs1}.16` },
  'SHA3-224': { oid: `${nistHashes}.7`, rsa: `${nistSignatures}.13`, ecdsa: `${nistSignatures}.9` },
  'SHA3-256': { oid: `${nistHashes}.8`, rsa: `${nistSignatures}.14`, ecdsa: `${nistSignatures}.10` },
  'SHA3-384': { oid: `${nistHashes}.9`, rsa: `${nistSignatures}.15`, ecdsa: `${nistSignatures}.11` },
  'SHA3-512': { oid: `${nistHashes}.10`, rsa: `${nistSignatures}.16`, ecdsa: `${nistSignatures}.12` },
}

/** Curve → OID and octets of its order: RFC 5480, RFC 5639, SEC 2. */
const curves: Readonly<Record<string, { oid: string; octets: number }>> = {
  secp224r1: { oid: '1.3.132.0.33', octets: 28 },
  secp256r1: { oid: '1.2.840.10045.3.1.7', octets: 32 },
  secp384r1: { oid: '1.3.132.0.34', octets: 48 },
  secp521r1: { oid: '1.3.132.0.35', octets: 66 },
  secp256k1: { oid: '1.3.132.0.10', octets: 32 },
  brainpoolP256r1: { oid: '1.3.36.3.3.2.8.1.1.7', octets: 32 },
  brainpoolP384r1: { oid: '1.3.36.3.3.2.8.1.1.11', octets: 48 },
  brainpoolP512r1: { oid: '1.3.36.3.3.2.8.1.1.13', octets: 64 },
}

const supportedHashes: ReadonlySet<string> = new Set(['SHA-256', 'SHA-384', 'SHA-512'])
const supportedCurves: ReadonlySet<string> = new Set([
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'edwards25519',
  'edwards448',
])

/** What of these parameters we do not support, by intention; `undefined`: nothing. */
export function unsupportedBy({ hash, curve }: Params): string | undefined {
  if (typeof hash === 'string' && !supportedHashes.has(hash)) return `the hash ${hash}`
  if (typeof curve === 'string' && !supportedCurves.has(curve)) return `the curve ${curve}`
  return undefined
}

/** In the order of their arcs, from 17: RFC 9881, RFC 9909. */
const postQuantum = [
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  ...['SHA2', 'SHAKE'].flatMap((hash) =>
    ['128s', '128f', '192s', '192f', '256s', '256f'].map((set) => `SLH-DSA-${hash}-${set}`),
  ),
]

/** Key and signature have one AlgorithmIdentifier, without parameters. */
function pureOid(params: Params): string | undefined {
  if (params['alg'] === 'EDDSA' || params['alg'] === 'EdDSA') {
    return params['curve'] === 'edwards448' ? '1.3.101.113' : '1.3.101.112'
  }
  const arc = postQuantum.indexOf(String(params['alg']))
  return arc < 0 ? undefined : `${nistSignatures}.${17 + arc}`
}

/** @returns the AlgorithmIdentifier, DER; `undefined`: there is none for these parameters */
export function algorithmIdentifierOf(params: Params): Uint8Array | undefined {
  const hash = hashes[String(params['hash'])]
  switch (params['alg']) {
    case 'ECDSA':
      return hash?.ecdsa === undefined ? undefined : identifier(hash.ecdsa)
    case 'RSASSA-PKCS1-v1_5':
      return hash?.rsa === undefined ? undefined : identifier(hash.rsa, nullValue)
    case 'RSASSA-PSS':
      return pssIdentifier(params)
    default: {
      const oid = pureOid(params)
      return oid === undefined ? undefined : identifier(oid)
    }
  }
}

/** RFC 4055 §3.1; a field with its default value is left out. */
function pssIdentifier(params: Params): Uint8Array | undefined {
  const hash = hashes[String(params['hash'])]
  const mgfHash = hashes[String(params['mgfHash'])]
  if (params['mgf'] !== 'MGF1' || hash === undefined || mgfHash === undefined) return undefined
  const saltLength = Number(params['saltLength'])
  if (!Number.isSafeInteger(saltLength) || saltLength < 0) return undefined
  return identifier(
    `${pkcs1}.10`,
    sequence(
      params['hash'] === 'SHA-1' ? undefined : explicit(0, hashIdentifier(hash.oid)),
      params['mgfHash'] === 'SHA-1'
        ? undefined
        : explicit(1, sequence(objectIdentifier(`${pkcs1}.8`), hashIdentifier(mgfHash.oid))),
      saltLength === 20 ? undefined : explicit(2, integer(saltLength)),
    ),
  )
}

const hashIdentifier = (oid: string): Encoder => sequence(objectIdentifier(oid), nullValue)

const identifier = (oid: string, parameters?: Encoder): Uint8Array =>
  encode(sequence(objectIdentifier(oid), parameters))

/** SubjectPublicKeyInfo of a bare public key. */
export function spkiOf(params: Params, publicKey: Uint8Array): Uint8Array | undefined {
  const curve = curves[String(params['curve'])]
  const oid = pureOid(params)
  let algorithm: Encoder | undefined
  if (oid !== undefined) algorithm = sequence(objectIdentifier(oid))
  else if (curve !== undefined)
    algorithm = sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier(curve.oid))
  else if (String(params['alg']).startsWith('RSA'))
    algorithm = sequence(objectIdentifier(`${pkcs1}.1`), nullValue)
  return algorithm && encode(sequence(algorithm, bitString(publicKey)))
}

/** ECDSA-Sig-Value of r and s side by side (IEEE P1363); `undefined`: they have not the length of the curve's order. */
export function ecdsaSigValue(p1363: Uint8Array, curveName: string): Uint8Array | undefined {
  const octets = curves[curveName]?.octets
  if (octets === undefined || p1363.length !== 2 * octets) return undefined
  return encode(sequence(unsignedInteger(p1363.subarray(0, octets)), unsignedInteger(p1363.subarray(octets))))
}
