import type { DerReader } from '../asn1/der-reader.js'
import { explicit, type OptionalEncoder } from '../asn1/der-writer.js'
import { type Extension, extensions, readExtensions } from './extension.js'
import { checkExtensions } from './known-extensions.js'

/*
 * `[number] EXPLICIT Extensions OPTIONAL`, as it closes certificates, CRLs, and the messages of OCSP. Absent is an empty
 * list, and an empty list is left out: Extensions has at least one element (RFC 5280 §4.1).
 */

/** Each extension that is known here must be well-formed, so that none fails later. */
export function readOptionalExtensions(reader: DerReader, number: number): readonly Extension[] {
  const wrapper = reader.optionalContext(number)
  if (wrapper === undefined) return []
  const list = readExtensions(wrapper)
  wrapper.finish()
  checkExtensions(list)
  return list
}

export const optionalExtensions = (list: readonly Extension[], number: number): OptionalEncoder =>
  list.length === 0 ? undefined : explicit(number, extensions(list))
