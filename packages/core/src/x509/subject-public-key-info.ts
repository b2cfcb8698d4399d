import type { DerReader } from '../asn1/der-reader.js'
import { Tag } from '../asn1/tags.js'
import { readAlgorithmIdentifier } from '../crypto/algorithm-identifier.js'

/**
 * The SubjectPublicKeyInfo at which `reader` stands (RFC 5280 §4.1.2.7), checked for its shape alone: a relying party
 * may meet any key algorithm. `parsePublicKey` examines the key.
 */
export function readSubjectPublicKeyInfo(reader: DerReader): Uint8Array {
  const content = reader.clone().sequence()
  readAlgorithmIdentifier(content)
  content.bitString()
  content.finish()
  return reader.readElement(Tag.sequence)
}
