import { createCipheriv, randomBytes, scryptSync } from 'node:crypto'
import { Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import { encodeDer } from '../../packages/containers/src/der.js'

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

const sequence = (...value: Sequence['valueBlock']['value']): Sequence => new Sequence({ value })
const oid = (value: string): ObjectIdentifier => new ObjectIdentifier({ value })
const octets = (bytes: Uint8Array): OctetString => new OctetString({ valueHex: Uint8Array.from(bytes) })

/** What we read and do not write: an EncryptedPrivateKeyInfo of PBES2 with scrypt and AES-256-CBC (RFC 8018 §A.4, RFC 7914 §7). */
export function keyUnderScrypt(pkcs8Der: Uint8Array, password: string, cost: ScryptCost): Uint8Array {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', scryptSync(password, salt, 32, cost), iv)
  const numbers = [cost.N, cost.r, cost.p].map((value) => new Integer({ value }))
  const derivation = sequence(oid('1.3.6.1.4.1.11591.4.11'), sequence(octets(salt), ...numbers))
  const encryption = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(iv))
  const algorithm = sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, encryption))
  return encodeDer(sequence(algorithm, octets(Buffer.concat([cipher.update(pkcs8Der), cipher.final()]))))
}
