import { DerReader } from '../asn1/der-reader.js'
import {
  booleanDefaultFalse,
  type Encoder,
  encode,
  objectIdentifier,
  octetString,
  sequence,
  sequenceOf,
} from '../asn1/der-writer.js'
import { equalBytes } from '../encoding/bytes.js'
import { isPkiError, PkiError } from '../errors/pki-error.js'
import { unreadable, unwritable } from './structure-error.js'

/** One kind of extension: its identity and its codec. Each file of extensions/ exports one. */
export interface ExtensionType<T> {
  readonly oid: string
  /** As the RFC spells it: `basicConstraints`. */
  readonly name: string
  /** No two have the same value, as of a nonce. Default: false. */
  readonly isUnique?: boolean
  /** @throws {PkiError} `invalid_der`, `der_limit_exceeded`, `invalid_structure` */
  decode(valueDer: Uint8Array): T
  /** @throws {PkiError} `invalid_structure`: a value that the standard does not allow */
  encode(value: T): Uint8Array
}

/** An extension as it stands in a certificate, CRL, request or response (RFC 5280 §4.2). */
export interface Extension {
  readonly oid: string
  readonly critical: boolean
  /** The content of extnValue, which for all that are standardised is DER. */
  readonly valueDer: Uint8Array
}

/** Most extensions in one list: real certificates have about ten. Later steps may compare them with each other. */
const maximumExtensions = 256

export function defineExtension<T>(definition: {
  oid: string
  name: string
  isUnique?: boolean
  /** Reads the value; what is behind it is refused. */
  read: (reader: DerReader) => T
  write: (value: T) => Encoder
}): ExtensionType<T> {
  const { oid, name, isUnique = false, read, write } = definition
  return {
    oid,
    name,
    isUnique,
    decode(valueDer) {
      const reader = new DerReader(valueDer)
      const value = read(reader)
      reader.finish()
      return value
    },
    encode: (value) => encode(write(value)),
  }
}

export function createExtension<T>(
  type: ExtensionType<T>,
  value: T,
  options: { critical: boolean },
): Extension {
  return { oid: type.oid, critical: options.critical, valueDer: type.encode(value) }
}

/**
 * The decoded value of the extension of this type, where the list has it.
 *
 * @throws {PkiError} `invalid_structure`: the extension is there and malformed; `cause` says where
 */
export function findExtension<T>(extensions: readonly Extension[], type: ExtensionType<T>): T | undefined {
  const extension = extensions.find(({ oid }) => oid === type.oid)
  return extension && decodeExtension(extension, type)
}

interface Decoded {
  readonly valueDer: Uint8Array
  readonly value: unknown
}

/**
 * The last few values of each type, with their bytes. Certificates say the same over and over: all of one profile have
 * one keyUsage, all of one issuer one authorityKeyIdentifier, and every lint asks for the same subjectAltName.
 */
const recent = new WeakMap<ExtensionType<unknown>, Decoded[]>()

/** Values of one type that are kept: those of a chain, its leaf and a profile or two. */
const keptOfType = 8

/** Longer values are kept with their extension alone: they are rarely the same in two, and would keep memory. */
const longestKept = 512

/** A search for paths asks for the thousand names of a certificate once for every CA that may be above it. */
const longValues = new WeakMap<
  Extension,
  { readonly type: ExtensionType<unknown>; readonly value: unknown }
>()

/**
 * The value is shared by all who ask for the same bytes, and frozen; but one that is unique is made anew.
 *
 * @throws {PkiError} as `findExtension`
 */
export function decodeExtension<T>(extension: Extension, type: ExtensionType<T>): T {
  const { valueDer } = extension
  if (type.isUnique) return decodeWith(type, valueDer)
  if (valueDer.length > longestKept) return decodeLong(extension, type)
  const kept = recent.get(type) ?? []
  const known = kept.find((one) => equalBytes(one.valueDer, valueDer))
  // The value was made by this very type, so it is a T.
  if (known !== undefined) return known.value as T
  // Decoded from a copy, since bytes in the value are views, and the input may be large or change.
  const ownDer = valueDer.slice()
  const value = decodeWith(type, ownDer)
  if (kept.length === keptOfType) kept.pop()
  kept.unshift({ valueDer: ownDer, value: freeze(value) })
  recent.set(type, kept)
  return value
}

function decodeLong<T>(extension: Extension, type: ExtensionType<T>): T {
  const known = longValues.get(extension)
  // The value was made by this very type, so it is a T.
  if (known?.type === type) return known.value as T
  const value = decodeWith(type, extension.valueDer)
  longValues.set(extension, { type, value: freeze(value) })
  return value
}

function decodeWith<T>(type: ExtensionType<T>, valueDer: Uint8Array): T {
  try {
    return type.decode(valueDer)
  } catch (cause) {
    if (!isPkiError(cause)) throw cause
    const message = `Cannot read extension ${type.name}: ${cause.message}`
    throw new PkiError('invalid_structure', message, { structure: type.name }, { cause })
  }
}

/** Objects and lists to the bottom. Bytes cannot be frozen: who changes them changes the copy that is compared, too. */
function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}

/**
 * @param reader stands at the SEQUENCE OF Extension
 * @param readCritical how `critical BOOLEAN DEFAULT FALSE` is read
 * @throws {PkiError} `invalid_structure`: an empty list, or an extension twice (RFC 5280 §4.2);
 *   `der_limit_exceeded`: more than 256
 */
export function readExtensions(
  reader: DerReader,
  readCritical: (reader: DerReader) => boolean = (content) => content.booleanDefaultFalse(),
): Extension[] {
  const at = reader.offset
  const content = reader.sequence()
  if (content.atEnd) throw unreadable('Extensions', at, 'the list is empty')
  const list: Extension[] = []
  while (!content.atEnd) {
    const offset = content.offset
    const extension = readExtension(content.sequence(), readCritical)
    if (list.some(({ oid }) => oid === extension.oid))
      throw unreadable('Extensions', offset, `${extension.oid} stands twice`)
    if (list.length === maximumExtensions) throw tooMany(offset)
    list.push(extension)
  }
  return list
}

function readExtension(reader: DerReader, readCritical: (reader: DerReader) => boolean): Extension {
  const oid = reader.objectIdentifier()
  const critical = readCritical(reader)
  const valueDer = reader.octetString()
  reader.finish()
  return { oid, critical, valueDer }
}

function tooMany(offset: number): PkiError<'der_limit_exceeded'> {
  const message = `Cannot read Extensions at offset ${offset}: there are too many (the limit is ${maximumExtensions})`
  return new PkiError('der_limit_exceeded', message, { offset, limit: maximumExtensions })
}

/** @throws {PkiError} `invalid_structure`: an empty list, or an extension twice (RFC 5280 §4.2) */
export function extensions(list: readonly Extension[]): Encoder {
  if (list.length === 0) throw unwritable('Extensions', 'the list is empty; leave it out instead')
  if (list.length > 1 && new Set(list.map(({ oid }) => oid)).size < list.length)
    throw unwritable('Extensions', 'one stands twice')
  return sequenceOf(list, ({ oid, critical, valueDer }) =>
    sequence(objectIdentifier(oid), booleanDefaultFalse(critical), octetString(valueDer)),
  )
}
