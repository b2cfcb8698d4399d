import { describe, expect, it } from 'vitest'
import { Tag } from '../asn1/tags.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { decodeCharacterString, encodeCharacterString } from './character-string.js'

describe('a character string', () => {
  it.each([
    ['UTF8String', Tag.utf8String, 'é', 'c3a9'],
    ['TeletexString, as Latin-1', Tag.teletexString, 'é', 'e9'],
    ['BMPString', Tag.bmpString, 'é', '00e9'],
    ['UniversalString', Tag.universalString, 'é', '000000e9'],
    ['the last code point there is', Tag.universalString, '\u{10ffff}', '0010ffff'],
  ])('%s, is read and written', (_, tag, text, hex) => {
    expect(decodeCharacterString(tag, hexDecode(hex))).toBe(text)
    expect(hexEncode(encodeCharacterString(tag, text) ?? new Uint8Array())).toBe(hex)
  })

  it.each([
    ['a UTF8String that is no UTF-8', Tag.utf8String, 'e9'],
    ['an IA5String beyond ASCII', Tag.ia5String, 'c3a9'],
    ['half a character of a BMPString', Tag.bmpString, '00e900'],
    ['half of a surrogate pair in a BMPString', Tag.bmpString, 'd83d'],
    ['a code point that there is not', Tag.universalString, '00110000'],
    ['a type that is none', Tag.octetString, '61'],
  ])('is not %s', (_, tag, hex) => {
    expect(decodeCharacterString(tag, hexDecode(hex))).toBeUndefined()
  })

  it.each([
    ['an é', Tag.printableString, 'é'],
    ['a character beyond Latin-1', Tag.teletexString, 'ł'],
    ['a character beyond the basic plane', Tag.bmpString, '😀'],
    ['half of a surrogate pair', Tag.utf8String, '\ud83d'],
    ['whatever its type is not', Tag.octetString, 'a'],
  ])('does not have %s', (_, tag, text) => {
    expect(encodeCharacterString(tag, text)).toBeUndefined()
  })
})
