import { DerReader } from '../asn1/der-reader.js'
import { Tag } from '../asn1/tags.js'

/** RFC 5280 §4.1.1.2. Any algorithm is taken: whether it is known is the question of who uses it. */
export interface AlgorithmIdentifier {
  /** Dotted decimal. */
  oid: string
  /** One element of DER, or `undefined` where absent, which is not the same as NULL. */
  parametersDer: Uint8Array | undefined
  /** The whole SEQUENCE. */
  der: Uint8Array
}

/** The AlgorithmIdentifier at which `reader` stands. @throws {PkiError} `invalid_der` */
export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const content = reader.clone().sequence()
  const oid = content.objectIdentifier()
  const parametersDer = content.atEnd ? undefined : content.readAny()
  content.finish()
  return { oid, parametersDer, der: reader.readElement(Tag.sequence) }
}

/** @throws {PkiError} `invalid_der` */
export function parseAlgorithmIdentifier(der: Uint8Array): AlgorithmIdentifier {
  const reader = new DerReader(der)
  const identifier = readAlgorithmIdentifier(reader)
  reader.finish()
  return identifier
}
