/**
 * Text from files and networks as it may go to a terminal. Control characters move the cursor, rewrite what stands
 * there or answer for the user; format characters turn the direction of text round (CVE-2021-42574). All of them, and
 * lone surrogates, become `\u{…}`.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  )
}

/** JSON of the same value that has none of these characters either: inside strings, JSON can escape them. */
export function printableJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replace(/[\x7f-\x9f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
