import { PkiError } from '../errors/pki-error.js'
import { base64Decode, base64Lines } from './base64.js'

export type PemLabel =
  | 'CERTIFICATE'
  | 'CERTIFICATE REQUEST'
  | 'X509 CRL'
  | 'PRIVATE KEY'
  | 'ENCRYPTED PRIVATE KEY'
  | 'PUBLIC KEY'
  | 'PKCS7'

/** A PEM text may hold at most this many blocks: enough for any chain bundle, far below what exhausts memory. */
const maximumBlocks = 10_000

export interface PemBlock {
  label: string
  der: Uint8Array
}

const columns = 64

/** One block as RFC 7468 §3 writes it: 64 columns, line feeds, a line feed at the end. */
export function pemEncode(label: PemLabel, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${base64Lines(der, columns)}-----END ${label}-----\n`
}

/**
 * All blocks of a text, in order. Text around the blocks is allowed (RFC 7468 §2), and so are CRLF and blank lines.
 *
 * @throws {PkiError} `invalid_encoding`: a block without its end, an end under another label, headers inside a block
 * (the encrypted form of RFC 1421), or a body that is no base64
 */
export function pemDecodeAll(text: string): PemBlock[] {
  const blocks: PemBlock[] = []
  const begin = /-----BEGIN ([A-Z0-9 #-]{1,64}?)-----/g
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const label = match[1] as string
    const bodyStart = begin.lastIndex
    const endLine = `-----END ${label}-----`
    const bodyEnd = text.indexOf('-----END ', bodyStart)
    if (bodyEnd < 0 || !text.startsWith(endLine, bodyEnd)) {
      throw invalidPem(match.index, `the block "${label}" has no matching end line`)
    }
    if (blocks.length === maximumBlocks)
      throw invalidPem(match.index, `there are more than ${maximumBlocks} blocks`)
    const body = text.slice(bodyStart, bodyEnd).replace(/[ \t\r\n]+/g, '')
    if (body.includes(':')) {
      throw invalidPem(
        bodyStart,
        `the block "${label}" has headers: decrypt the key first, for instance with "openssl pkcs8"`,
      )
    }
    blocks.push({ label, der: base64Decode(body) })
    begin.lastIndex = bodyEnd + endLine.length
  }
  return blocks
}

/**
 * The one block of a text.
 *
 * @param labels what the block may be called; others are refused by name
 * @throws {PkiError} `invalid_encoding`: no block, several, or one under another label
 */
export function pemDecode(text: string, ...labels: readonly string[]): Uint8Array {
  const blocks = pemDecodeAll(text)
  const [block] = blocks
  if (block === undefined) throw invalidPem(0, `there is no "-----BEGIN ${labels[0] ?? ''}-----" line`)
  if (blocks.length > 1) throw invalidPem(0, `there are ${blocks.length} blocks where one is expected`)
  if (!labels.includes(block.label)) {
    throw invalidPem(0, `the block is "${block.label}" where "${labels.join('" or "')}" is expected`)
  }
  return block.der
}

function invalidPem(offset: number, state: string): PkiError<'invalid_encoding'> {
  return new PkiError('invalid_encoding', `Cannot read PEM: ${state}`, { encoding: 'pem', offset })
}
