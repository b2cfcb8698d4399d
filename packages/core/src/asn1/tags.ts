/**
 * Identifier octets (X.690 §8.1.2) of the types that X.509 uses. A tag is written as its whole first octet, class
 * and constructed bit included, so that one comparison decides.
 */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** `[number]` of a primitive type, IMPLICIT. */
export const contextPrimitive = (number: number): number => 0x80 | number

/** `[number]` of a constructed type, IMPLICIT, or of any type, EXPLICIT. */
export const contextConstructed = (number: number): number => 0xa0 | number
