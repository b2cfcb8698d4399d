import { DerReader } from '../asn1/der-reader.js'
import { encode, octetString } from '../asn1/der-writer.js'
import { contextPrimitive, Tag } from '../asn1/tags.js'
import type { WholeMessageRow } from './key-algorithms.js'
import { invalidKey } from './private-key-error.js'

/*
 * ML-DSA-PrivateKey (RFC 9881 §6): the seed, the expanded key that is computed from it, or both. The seed is what the
 * RFC recommends and what we write: it is the shortest, and only from it can everything else be proved to follow.
 */

/** Octets. */
export const mlDsaSeedLength = 32

export interface MlDsaPrivateKey {
  seed: Uint8Array | undefined
  /** Present with the seed: not yet compared with what the seed gives. */
  expandedKey: Uint8Array | undefined
}

/**
 * @param content of the OCTET STRING `privateKey`
 * @throws {PkiError} `invalid_der` | `invalid_key`: lengths that FIPS 204 table 2 does not have
 */
export function readMlDsaPrivateKey(content: Uint8Array, row: WholeMessageRow): MlDsaPrivateKey {
  const outer = new DerReader(content)
  const key = readChoice(outer)
  outer.finish()
  checkLength(key.seed, mlDsaSeedLength, 'seed', row)
  checkLength(key.expandedKey, row.privateKeyOctets, 'expanded key', row)
  return key
}

function readChoice(outer: DerReader): MlDsaPrivateKey {
  const seed = outer.optionalContextPrimitive(0)
  if (seed !== undefined) return { seed, expandedKey: undefined }
  if (outer.peekTag() !== Tag.sequence) return { seed, expandedKey: outer.octetString() }
  const reader = outer.sequence()
  const both = { seed: reader.octetString(), expandedKey: reader.octetString() }
  reader.finish()
  return both
}

function checkLength(
  octets: Uint8Array | undefined,
  required: number,
  what: string,
  { name }: WholeMessageRow,
): void {
  if (octets === undefined || octets.length === required) return
  throw invalidKey(`its ${what} has ${octets.length} octets where ${required} are required`, name)
}

/** The form that is written. */
export const mlDsaSeedForm = (seed: Uint8Array): Uint8Array => encode(octetString(seed, contextPrimitive(0)))
