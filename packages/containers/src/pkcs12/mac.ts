import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { Null, OctetString } from 'asn1js'
import { AlgorithmIdentifier, DigestInfo, MacData } from 'pkijs'
import { unreadable, unsupportedAlgorithm, wrongPassword } from '../container-errors.js'
import { octetsOf } from '../key-derivation.js'
import { bmpPassword } from '../password.js'
import { checkIterations, type WorkBudget } from '../work-budget.js'

/*
 * The MAC over a PKCS#12 (RFC 7292 §4, §B).
 *
 * Its key comes from a derivation of PKCS#12's own, older than PBKDF2 and found nowhere else: WebCrypto lacks it, so each
 * iteration is one call of a hash in JavaScript. RFC 9579 replaces it by PBKDF2, which OpenSSL reads from 3.4 and
 * Java 17 not at all, so it cannot be what is written yet.
 */

interface Hash {
  readonly name: string
  readonly hash: { create(): { update(message: Uint8Array): { digestInto(into: Uint8Array): void } } }
  /** `u` of RFC 7292 §B.2: the length of the hash. */
  readonly octets: number
  /** `v` of RFC 7292 §B.2: the block that the hash compresses, in octets. */
  readonly blockOctets: number
}

const hashes: Readonly<Record<string, Hash>> = {
  '1.3.14.3.2.26': { name: 'SHA-1', hash: sha1, octets: 20, blockOctets: 64 },
  '2.16.840.1.101.3.4.2.1': { name: 'SHA-256', hash: sha256, octets: 32, blockOctets: 64 },
  '2.16.840.1.101.3.4.2.2': { name: 'SHA-384', hash: sha384, octets: 48, blockOctets: 128 },
  '2.16.840.1.101.3.4.2.3': { name: 'SHA-512', hash: sha512, octets: 64, blockOctets: 128 },
}
const sha256Oid = '2.16.840.1.101.3.4.2.1'
const pbmac1Oid = '1.2.840.113549.1.5.14'

/** `ID` of RFC 7292 §B.3 for key material of a MAC. */
const macKeyId = 3

/** After so many iterations, about 20 ms, others get their turn. */
const iterationsPerTurn = 20_000

/** @param content the octets under the MAC: the AuthenticatedSafe */
export async function createMac(
  content: Uint8Array<ArrayBuffer>,
  password: string,
  iterations: number,
): Promise<MacData> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const octets = bmpPassword(password)
  // The cast: the row stands above.
  const mac = await compute(hashes[sha256Oid] as Hash, { content, password: octets, salt, iterations })
  const digestAlgorithm = new AlgorithmIdentifier({ algorithmId: sha256Oid, algorithmParams: new Null() })
  return new MacData({
    mac: new DigestInfo({ digestAlgorithm, digest: new OctetString({ valueHex: mac }) }),
    macSalt: new OctetString({ valueHex: salt }),
    iterations,
  })
}

/**
 * @throws {PkiError} `wrong_password`: or the file is damaged
 * @throws {PkiError} `unsupported_algorithm` | `invalid_structure` | `request_too_large`
 */
export async function verifyMac(
  { mac, macSalt, iterations = 1 }: MacData,
  content: Uint8Array<ArrayBuffer>,
  about: { readonly password: string; readonly structure: string; readonly budget: WorkBudget },
): Promise<void> {
  const { algorithmId: oid, algorithmParams: parameters } = mac.digestAlgorithm
  // RFC 5754 §2: absent or NULL. Nothing but this check covers them: the MAC does not.
  if (parameters !== undefined && !(parameters instanceof Null)) {
    throw unreadable(about.structure, 'the hash of its MAC has parameters')
  }
  const hash = hashes[oid]
  if (hash === undefined) {
    const name = oid === pbmac1Oid ? 'a MAC by PBMAC1' : `a MAC with hash ${oid}`
    const advice =
      'HMAC with SHA-1, SHA-256, SHA-384 and SHA-512 is, as "openssl pkcs12 -export -macalg sha256" writes it'
    throw unsupportedAlgorithm(about.structure, name, advice)
  }
  checkIterations(about.structure, iterations)
  const expected = octetsOf(mac.digest)
  for (const password of readings(about.password)) {
    about.budget.spend(iterations)
    const actual = await compute(hash, { content, password, salt: octetsOf(macSalt), iterations })
    if (equalInConstantTime(actual, expected)) return
  }
  throw wrongPassword(about.structure)
}

/** "No password" is, depending on the writer, the terminator alone or no octets at all; OpenSSL tries both. */
function readings(password: string): Uint8Array<ArrayBuffer>[] {
  return password === '' ? [bmpPassword(''), new Uint8Array()] : [bmpPassword(password)]
}

interface MacInput {
  readonly content: Uint8Array<ArrayBuffer>
  /** Overwritten. */
  readonly password: Uint8Array
  readonly salt: Uint8Array
  readonly iterations: number
}

async function compute(
  hash: Hash,
  { content, password, salt, iterations }: MacInput,
): Promise<Uint8Array<ArrayBuffer>> {
  const bits = await macKey(hash, { password, salt, iterations }).finally(() => password.fill(0))
  const algorithm = { name: 'HMAC', hash: hash.name }
  const key = await crypto.subtle
    .importKey('raw', bits, algorithm, false, ['sign'])
    .finally(() => bits.fill(0))
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, content))
}

/**
 * RFC 7292 §B.2. The key is as long as one hash, so its first block A₁ = H^r(D ‖ S ‖ P) is all of it, and steps 6B and 6C,
 * which prepare the next, are never needed.
 */
async function macKey(
  { hash, octets, blockOctets }: Hash,
  { password, salt, iterations }: Omit<MacInput, 'content'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const input = new Uint8Array(
    blockOctets + wholeBlocks(salt.length, blockOctets) + wholeBlocks(password.length, blockOctets),
  )
  input.fill(macKeyId, 0, blockOctets)
  const saltEnd = repeat(input, salt, { start: blockOctets, blockOctets })
  repeat(input, password, { start: saltEnd, blockOctets })
  const block = new Uint8Array(octets)
  hash.create().update(input).digestInto(block)
  input.fill(0)
  for (let i = 1; i < iterations; i++) {
    hash.create().update(block).digestInto(block)
    if (i % iterationsPerTurn === 0) await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return block
}

const wholeBlocks = (octets: number, blockOctets: number): number =>
  Math.ceil(octets / blockOctets) * blockOctets

/** Fill whole blocks with copies of `octets`, the last one cut; nothing gives no block. */
function repeat(
  into: Uint8Array,
  octets: Uint8Array,
  { start, blockOctets }: { start: number; blockOctets: number },
): number {
  const end = start + wholeBlocks(octets.length, blockOctets)
  for (let at = start; at < end; at++) into[at] = octets[(at - start) % octets.length] as number
  return end
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}
