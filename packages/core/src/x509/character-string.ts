import { Tag } from '../asn1/tags.js'
import { utf8Decode, utf8Encode } from '../encoding/bytes.js'

/*
 * The character string types of X.680 that names and notices use, as text and back. Both directions agree: what is
 * decoded encodes to the same octets.
 */

/**
 * Tag → which code points the type has. PrintableString keeps to X.680 §41.4, plus `*` and `&`: public CAs wrote them
 * for years, Go accepts them too, and no other character hides behind them.
 */
const repertoires: ReadonlyMap<number, RegExp> = new Map([
  [Tag.utf8String, /^\P{Surrogate}*$/u],
  [Tag.printableString, /^[A-Za-z0-9 '()+,\-./:=?*&]*$/],
  // oxlint-disable-next-line no-control-regex -- IA5String is all of ASCII, controls included
  [Tag.ia5String, /^[\x00-\x7f]*$/],
  [Tag.numericString, /^[0-9 ]*$/],
  [Tag.visibleString, /^[\x20-\x7e]*$/],
  // Real T.61 switches code pages by escape sequences. What stands in certificates is Latin-1 (OpenSSL, Go, NSS).
  // oxlint-disable-next-line no-control-regex -- all 256 octets
  [Tag.teletexString, /^[\x00-\xff]*$/],
  [Tag.bmpString, /^[\0-\ud7ff\ue000-\uffff]*$/],
  [Tag.universalString, /^\P{Surrogate}*$/u],
])

export const isCharacterString = (tag: number): boolean => repertoires.has(tag)

/** @returns `undefined`: the octets are no string of this type */
export function decodeCharacterString(tag: number, content: Uint8Array): string | undefined {
  const text = decodeOctets(tag, content)
  return text !== undefined && repertoires.get(tag)?.test(text) ? text : undefined
}

/** @returns `undefined`: a character of `text` does not exist in this type */
export function encodeCharacterString(tag: number, text: string): Uint8Array | undefined {
  if (!repertoires.get(tag)?.test(text)) return undefined
  if (tag === Tag.teletexString) return Uint8Array.from(text, (character) => character.charCodeAt(0))
  if (tag === Tag.bmpString) return encodeFixed(text, 2)
  if (tag === Tag.universalString) return encodeFixed(text, 4)
  return utf8Encode(text)
}

function decodeOctets(tag: number, content: Uint8Array): string | undefined {
  if (tag === Tag.bmpString) return decodeFixed(content, 2)
  if (tag === Tag.universalString) return decodeFixed(content, 4)
  if (tag === Tag.teletexString) return decodeFixed(content, 1)
  try {
    return utf8Decode(content)
  } catch {
    return undefined
  }
}

/** Code points of `width` octets each, big-endian. */
function decodeFixed(content: Uint8Array, width: 1 | 2 | 4): string | undefined {
  if (content.length % width !== 0) return undefined
  let text = ''
  for (let i = 0; i < content.length; i += width) {
    let codePoint = 0
    for (let j = i; j < i + width; j++) codePoint = codePoint * 256 + (content[j] as number)
    if (codePoint > 0x10ffff) return undefined
    text += String.fromCodePoint(codePoint)
  }
  return text
}

function encodeFixed(text: string, width: 2 | 4): Uint8Array {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) as number)
  const content = new Uint8Array(codePoints.length * width)
  const view = new DataView(content.buffer)
  for (const [i, codePoint] of codePoints.entries()) {
    if (width === 2) view.setUint16(i * 2, codePoint)
    else view.setUint32(i * 4, codePoint)
  }
  return content
}
