import { isPkiError, pemDecodeAll } from '@certwright/core'
import { describe } from './describe.js'
import type { DescribedItem, Item } from './item.js'
import { kindOfDer, kindOfLabel, type Structure } from './kind.js'
import { type PemText, splitPem } from './pem-blocks.js'
import { describePrivateKeyDer, describePrivateKeyPem } from './private-key.js'
import type { Input } from './read-input.js'
import type { Source } from './source.js'

/** Everything that an input holds, in its order; never throws for what is in it. */
export function inspectInput(input: Input, now: Date): Item[] {
  const { file } = input
  if ('fault' in input) return [{ source: { file }, error: { message: `Cannot read file: ${input.fault}` } }]
  const { bytes } = input
  if (isDer(bytes)) return [attempt({ file }, () => inspectDer(bytes, now))]
  const blocks = splitPem(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))
  if (blocks.length === 0) {
    const message = 'Cannot read file: it is neither DER nor PEM; there is no "-----BEGIN …-----" line'
    return [{ source: { file }, error: { message } }]
  }
  return blocks.map((block, i) => {
    const source = { file, block: i + 1, label: block.label, line: block.line }
    return attempt(source, () => inspectBlock(block, now))
  })
}

type Finding = Omit<DescribedItem, 'source'>

function attempt(source: Source, inspect: () => Finding): Item {
  try {
    return { source, ...inspect() }
  } catch (error) {
    if (!isPkiError(error)) throw error
    const { code, message, context } = error
    const offset = 'offset' in context ? context.offset : undefined
    return { source, error: { message, code, ...(offset !== undefined && { offset }) } }
  }
}

/** Text before a PEM block may begin with "0", which is the tag of a SEQUENCE, but no length behind it is that long. */
function isDer(bytes: Uint8Array): boolean {
  const [tag, length] = bytes
  return tag === 0x30 && length !== undefined && (length >= 0x80 || bytes.length === 2 + length)
}

function inspectDer(der: Uint8Array, now: Date): Finding {
  const kind = kindOfDer(der)
  if (kind === 'privateKey') return { kind, fields: describePrivateKeyDer(der) }
  // What has the shape of nothing is most likely a damaged certificate: its parser says where.
  return finding(kind ?? 'certificate', der, now)
}

function inspectBlock({ label, text }: PemText, now: Date): Finding {
  const kind = kindOfLabel(label)
  if (kind === 'privateKey') return { kind, fields: describePrivateKeyPem(label, text) }
  if (kind === 'other') return { kind, fields: { note: 'blocks of this kind are not shown' } }
  const [block] = pemDecodeAll(text)
  return finding(kind, block?.der ?? new Uint8Array(), now)
}

function finding(kind: Structure, der: Uint8Array, now: Date): Finding {
  return { kind, fields: describe(kind, der, now) }
}
