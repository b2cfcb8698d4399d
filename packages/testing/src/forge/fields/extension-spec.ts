import type { Extension, ExtensionType } from '@certwright/core'
import {
  booleanDefaultFalse,
  type Encoder,
  objectIdentifier,
  octetString,
  raw,
  sequence,
} from '@certwright/core/der'

/** One extension, or the DER of whatever is to stand in its place. */
export type ExtensionSpec = Extension | Uint8Array

/** What a list of extensions has beside its defaults. */
export interface ExtensionsSpec {
  /** Each in the place of the default with its OID, or behind them all. */
  readonly extensions?: readonly ExtensionSpec[]
  /** Defaults that are left out. */
  readonly omit?: readonly Pick<ExtensionType<never>, 'oid'>[]
  /** These and no others, in this order, repetitions included. Empty: the field is absent. */
  readonly extensionList?: readonly ExtensionSpec[]
}

/** @param critical as the standard has it for most: false */
export const extension = <T>(type: ExtensionType<T>, value: T, critical = false): Extension => ({
  oid: type.oid,
  critical,
  valueDer: type.encode(value),
})

/** An extension whose value is any octets. */
export const rawExtension = (oid: string, valueDer: Uint8Array, critical = false): Extension => ({
  oid,
  critical,
  valueDer,
})

export function chosenExtensions(
  defaults: readonly Extension[],
  { extensions = [], omit = [], extensionList }: ExtensionsSpec,
): readonly ExtensionSpec[] {
  if (extensionList !== undefined) return extensionList
  const omitted = new Set(omit.map(({ oid }) => oid))
  const list: ExtensionSpec[] = defaults.filter(({ oid }) => !omitted.has(oid))
  for (const one of extensions) {
    const place = list.findIndex((other) => oidOf(other) !== undefined && oidOf(other) === oidOf(one))
    if (place < 0) list.push(one)
    else list[place] = one
  }
  return list
}

const oidOf = (spec: ExtensionSpec): string | undefined => (spec instanceof Uint8Array ? undefined : spec.oid)

export const extensionFields = (list: readonly ExtensionSpec[]): Encoder =>
  sequence(
    ...list.map((one) =>
      one instanceof Uint8Array
        ? raw(one)
        : sequence(objectIdentifier(one.oid), booleanDefaultFalse(one.critical), octetString(one.valueDer)),
    ),
  )
