import { printable } from '../printable.js'
import type { DescribedItem, ExtensionFields, Fields, Value } from './item.js'
import type { Kind } from './kind.js'
import { sourceName } from './source.js'

const headings: Readonly<Record<Kind, string>> = {
  certificate: 'certificate',
  certificateRequest: 'certification request',
  crl: 'certificate revocation list',
  ocspRequest: 'OCSP request',
  ocspResponse: 'OCSP response',
  publicKey: 'public key',
  privateKey: 'private key',
  other: 'not shown',
}

/** Structures of one list that people get to see: a CRL may have a million. */
const shownStructures = 20

/** What is longer stands below its label and not beside it. */
const longestLine = 100

/** For people: a heading, and below it a line or a block for each field. What came from outside is escaped. */
export function renderItem({ source, kind, fields }: DescribedItem): string {
  const lines = [`${sourceName(source)}: ${headings[kind]}`, ...indented(pairLines(pairsOf(fields)))]
  return `${lines.map(printable).join('\n')}\n`
}

type Pair = readonly [label: string, value: Value]

const pairsOf = (fields: Fields): Pair[] =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [label(key), value])

/** `notBefore` is `not before`. */
const label = (key: string): string =>
  key.replace(/[A-Z]+(?![a-z])|[A-Z]/g, (capitals) => ` ${capitals.toLowerCase()}`)

function pairLines(pairs: readonly Pair[]): string[] {
  const texts = pairs.map(([label, value]) => ({ label, value, text: oneLine(value) }))
  const width = Math.max(0, ...texts.map(({ label, text }) => (text === undefined ? 0 : label.length)))
  return texts.flatMap(({ label, value, text }) =>
    text === undefined ? [label, ...indented(block(value))] : [`${label.padEnd(width)}  ${text}`],
  )
}

/** `undefined`: it needs several. */
function oneLine(value: Value): string | undefined {
  if (isList(value)) {
    if (value.length === 0) return 'none'
    if (value.some(isExtension)) return undefined
    return value.length > 1 && value.some(isFields) ? undefined : fitting(value.map(oneLine))
  }
  if (!isFields(value)) return String(value)
  const texts = pairsOf(value).map(([label, inner]) => {
    const text = isFields(inner) ? undefined : oneLine(inner)
    return text === undefined ? undefined : `${label} ${text}`
  })
  return fitting(texts)
}

function fitting(texts: readonly (string | undefined)[]): string | undefined {
  const text = texts.every((text) => text !== undefined) ? texts.join(', ') : undefined
  return text !== undefined && text.length <= longestLine ? text : undefined
}

function block(value: Value): string[] {
  if (isFields(value)) return pairLines(pairsOf(value))
  if (!isList(value)) return [String(value)]
  if (value.some(isExtension)) return pairLines(value.filter(isExtension).map(extensionPair))
  const rest = value.some(isFields) ? value.length - shownStructures : 0
  const shown = rest > 0 ? value.slice(0, shownStructures) : value
  const lines = shown.flatMap(listElement)
  return rest > 0 ? [...lines, `… and ${rest} more: --json has them all`] : lines
}

function listElement(value: Value): string[] {
  const text = oneLine(value)
  if (text !== undefined) return [text]
  return block(value).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`))
}

const isExtension = (value: Value): value is ExtensionFields => isFields(value) && 'critical' in value

function extensionPair({ name, oid, critical, value, valueDer }: ExtensionFields): Pair {
  const title = name ?? `${oid} (not known here)`
  return [critical ? `${title}, critical` : title, value ?? valueDer]
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

const isFields = (value: Value): value is Fields => typeof value === 'object' && !isList(value)

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)
