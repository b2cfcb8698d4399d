import { createCipheriv, randomBytes, scryptSync } from 'node:crypto'
import { Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import {
  AuthenticatedSafe,
  ContentInfo,
  EncryptedContentInfo,
  EncryptedData,
  PFX,
  type SafeBag,
  SafeContents,
} from 'pkijs'
import { encodeDer } from '../../packages/containers/src/der.js'
import { seal } from '../../packages/containers/src/pbes2.js'
import { createMac } from '../../packages/containers/src/pkcs12/mac.js'

/*
 * Containers that no tool writes and anybody can: little work where the tools put much, and the other way round.
 */

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

const sequence = (...value: Sequence['valueBlock']['value']): Sequence => new Sequence({ value })
const oid = (value: string): ObjectIdentifier => new ObjectIdentifier({ value })
const octets = (bytes: Uint8Array): OctetString => new OctetString({ valueHex: Uint8Array.from(bytes) })

/** EncryptedPrivateKeyInfo: PBES2 with scrypt and AES-256-CBC (RFC 8018 §A.4, RFC 7914 §7). */
export function keyUnderScrypt(pkcs8Der: Uint8Array, password: string, cost: ScryptCost): Uint8Array {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', scryptSync(password, salt, 32, cost), iv)
  const numbers = [cost.N, cost.r, cost.p].map((value) => new Integer({ value }))
  const derivation = sequence(oid('1.3.6.1.4.1.11591.4.11'), sequence(octets(salt), ...numbers))
  const encryption = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(iv))
  const algorithm = sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, encryption))
  return encodeDer(sequence(algorithm, octets(Buffer.concat([cipher.update(pkcs8Der), cipher.final()]))))
}

/** The AuthenticatedSafe of a PKCS#12: what its MAC covers. */
export function authenticatedSafe(...safeContents: ContentInfo[]): Uint8Array {
  return encodeDer(new AuthenticatedSafe({ safeContents }).toSchema())
}

export const openBags = (safeBags: SafeBag[]): ContentInfo =>
  dataOf(encodeDer(new SafeContents({ safeBags }).toSchema()))

/** With one iteration of PBKDF2. */
export async function encryptedBags(safeBags: SafeBag[], password: string): Promise<ContentInfo> {
  const { algorithm, ciphertext } = await seal(
    encodeDer(new SafeContents({ safeBags }).toSchema()),
    password,
    1,
  )
  const encryptedContentInfo = new EncryptedContentInfo({
    contentType: ContentInfo.DATA,
    contentEncryptionAlgorithm: algorithm,
    encryptedContent: octets(ciphertext),
    disableSplit: true,
  })
  const content = new EncryptedData({ version: 0, encryptedContentInfo }).toSchema()
  return new ContentInfo({ contentType: ContentInfo.ENCRYPTED_DATA, content })
}

/** A PKCS#12 of whatever is given, under a MAC of one iteration. */
export async function underMac(content: Uint8Array, password: string): Promise<Uint8Array> {
  const macData = await createMac(Uint8Array.from(content), password, 1)
  return encodeDer(new PFX({ version: 3, authSafe: dataOf(content), macData }).toSchema())
}

const dataOf = (content: Uint8Array): ContentInfo =>
  new ContentInfo({ contentType: ContentInfo.DATA, content: octets(content) })
