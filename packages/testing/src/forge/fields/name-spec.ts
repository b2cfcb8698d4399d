import { createName, type Name, type NameFields } from '@certwright/core'

/** A distinguished name: a common name, some fields, one that was read, or the DER of whatever is to stand there. */
export type NameSpec = string | NameFields | Name | Uint8Array

export function nameDer(spec: NameSpec): Uint8Array {
  if (spec instanceof Uint8Array) return spec
  if (typeof spec === 'string') return createName({ commonName: spec }).der
  return 'der' in spec ? spec.der : createName(spec).der
}
