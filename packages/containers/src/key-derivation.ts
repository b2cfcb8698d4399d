import { scryptAsync } from '@noble/hashes/scrypt.js'
import { type AsnType, Integer, Null, OctetString, Sequence } from 'asn1js'
import { AlgorithmIdentifier, PBKDF2Params } from 'pkijs'
import { tooMuch, unreadable, unsupportedAlgorithm } from './container-errors.js'
import { readAs } from './der.js'
import { checkIterations, type WorkBudget } from './work-budget.js'

/* From a password to a key, by the AlgorithmIdentifiers of RFC 8018 §A.2 (PBKDF2) and RFC 7914 §7 (scrypt). */

/** HMAC with these hashes is the pseudorandom function of PBKDF2 (RFC 8018 §B.1). */
const hashOfPrf: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
}

const pbkdf2Oid = '1.2.840.113549.1.5.12'
const scryptOid = '1.3.6.1.4.1.11591.4.11'
const hmacWithSha1Oid = '1.2.840.113549.2.7'
const hmacWithSha256Oid = '1.2.840.113549.2.9'

/** 128·N·r octets, in MiB. OpenSSL reads up to 32 MiB unless told otherwise, and writes 16. */
const maximumScryptMemory = 128

/** In iterations of PBKDF2. Nothing here but JavaScript mixes the N·r·p blocks. */
const workOfScryptBlock = 4

/** RFC 8018 wants 8 octets of salt at least; OpenSSL writes 8 or 16, Java 20. */
const saltOctets = 16

export interface Derivation {
  readonly structure: string
  /** The key's length as the cipher needs it. */
  readonly keyOctets: number
  readonly budget: WorkBudget
}

/** AlgorithmIdentifier of a PBKDF2 with HMAC-SHA256 and a new salt. The key length is left to the cipher. */
export function newPbkdf2(iterations: number): AlgorithmIdentifier {
  const salt = crypto.getRandomValues(new Uint8Array(saltOctets))
  const prf = new AlgorithmIdentifier({ algorithmId: hmacWithSha256Oid, algorithmParams: new Null() })
  const parameters = new PBKDF2Params({
    salt: new OctetString({ valueHex: salt }),
    iterationCount: iterations,
    prf,
  })
  return new AlgorithmIdentifier({ algorithmId: pbkdf2Oid, algorithmParams: parameters.toSchema() })
}

/**
 * The key that an AlgorithmIdentifier makes of a password. The caller overwrites it.
 *
 * @throws {PkiError} `unsupported_algorithm` | `invalid_structure` | `request_too_large`
 */
export async function deriveKey(
  algorithm: AlgorithmIdentifier,
  password: Uint8Array<ArrayBuffer>,
  derivation: Derivation,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (algorithm.algorithmId) {
    case pbkdf2Oid:
      return pbkdf2(algorithm.algorithmParams, password, derivation)
    case scryptOid:
      return scrypt(algorithm.algorithmParams, password, derivation)
    default:
      throw unsupportedAlgorithm(
        derivation.structure,
        `key derivation ${algorithm.algorithmId}`,
        'PBKDF2 and scrypt are',
      )
  }
}

async function pbkdf2(
  parameters: AsnType,
  password: Uint8Array<ArrayBuffer>,
  { structure, keyOctets, budget }: Derivation,
): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, iterationCount, keyLength, prf } = readAs(PBKDF2Params, parameters, structure)
  if (!(salt instanceof OctetString)) throw unreadable(structure, 'its salt comes from elsewhere')
  if (keyLength !== undefined) checkKeyLength(keyLength, { structure, keyOctets })
  // pkijs takes the bare hash for the default; RFC 8018 §A.2 says HMAC-SHA-1.
  const prfOid = prf?.algorithmId ?? hmacWithSha1Oid
  const hash = hashOfPrf[prfOid]
  if (hash === undefined) {
    throw unsupportedAlgorithm(
      structure,
      `PBKDF2 with ${prfOid}`,
      'HMAC with SHA-1, SHA-256, SHA-384 and SHA-512 are',
    )
  }
  checkIterations(structure, iterationCount)
  budget.spend(iterationCount)
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
  const about = { name: 'PBKDF2', hash, salt: octetsOf(salt), iterations: iterationCount }
  return new Uint8Array(await crypto.subtle.deriveBits(about, key, 8 * keyOctets))
}

/** scrypt-params ::= SEQUENCE { salt, N, r, p, keyLength OPTIONAL }: pkijs does not know it. */
async function scrypt(
  parameters: AsnType,
  password: Uint8Array,
  { structure, keyOctets, budget }: Derivation,
): Promise<Uint8Array<ArrayBuffer>> {
  const [salt, ...numbers] = parameters instanceof Sequence ? parameters.valueBlock.value : []
  if (!(salt instanceof OctetString) || numbers.length < 3 || numbers.length > 4) {
    throw unreadable(structure, 'its scrypt parameters are not those of RFC 7914')
  }
  const [N = 0, r = 0, p = 0, keyLength] = numbers.map((number) => {
    // asn1js reads an INTEGER from 2^23 as 0.
    const value = number instanceof Integer ? number.valueBlock.valueDec : 0
    if (value < 1) throw unreadable(structure, 'its scrypt parameters are not between 1 and 8388607')
    return value
  })
  if (keyLength !== undefined) checkKeyLength(keyLength, { structure, keyOctets })
  if (N < 2 || !Number.isInteger(Math.log2(N)))
    throw unreadable(structure, 'the N of its scrypt is no power of two')
  const memory = Math.ceil((128 * N * r) / 1024 ** 2)
  if (memory > maximumScryptMemory) {
    throw tooMuch(structure, 'MiB of memory for scrypt', { count: memory, maximum: maximumScryptMemory })
  }
  budget.spend(workOfScryptBlock * N * r * p)
  // noble counts a little more than the blocks themselves.
  const maxmem = 2 * maximumScryptMemory * 1024 ** 2
  return Uint8Array.from(await scryptAsync(password, octetsOf(salt), { N, r, p, dkLen: keyOctets, maxmem }))
}

function checkKeyLength(keyLength: number, about: { structure: string; keyOctets: number }): void {
  if (keyLength !== about.keyOctets) {
    throw unreadable(
      about.structure,
      `it derives ${keyLength} octets where its cipher takes ${about.keyOctets}`,
    )
  }
}

export const octetsOf = (string: OctetString): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(string.valueBlock.valueHexView)
