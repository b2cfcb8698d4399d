import type { Kind } from './kind.js'
import type { Source } from './source.js'

/** What is shown of a structure: JSON for programs as it stands, and lines for people, whose labels are the keys. */
export type Value = string | number | boolean | undefined | readonly Value[] | Fields

export interface Fields {
  readonly [key: string]: Value
}

/** One extension: with its decoded value where it is known, else with its DER in hex. */
export interface ExtensionFields extends Fields {
  readonly name?: string
  readonly oid: string
  readonly critical: boolean
  readonly value?: Value
  readonly valueDer?: string
}

/** One thing that an input holds. */
export type Item = DescribedItem | UnreadableItem

export interface DescribedItem {
  readonly source: Source
  readonly kind: Kind
  readonly fields: Fields
}

export interface UnreadableItem {
  readonly source: Source
  readonly error: { readonly message: string; readonly code?: string; readonly offset?: number }
}
