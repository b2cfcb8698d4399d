/*
 * The preparation of strings before names are compared: RFC 4518 §2 with the clarifications of RFC 5280 §7.1.
 *
 * Step 3 (NFKC), 2 (map) and 6 (white space) are done; step 4 (prohibit) is not: it would refuse every character that
 * Unicode 3.2 did not know. Such characters are compared as they are. Case folding is Unicode's lower case and the two
 * letters of RFC 3454 §B.2 that lower case leaves apart.
 */

/** Characters that comparison skips, RFC 4518 §2.2: controls, variation selectors, format characters, soft hyphens. */
// oxlint-disable-next-line no-control-regex, no-misleading-character-class -- single code points, not sequences
const skipped = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u034f\u1806\u180b-\u180d\ufe00-\ufe0f\ufffc\p{Cf}]/gu

const spaces = /[\t-\r\x85\p{Z}]+/gu

/** No plain ASCII name needs more than case and spaces. */
const plain = /^[\x20-\x7e]*$/

/** Two strings match where they prepare to the same text. The result has no control characters. */
export function prepareString(text: string): string {
  if (plain.test(text)) return text.toLowerCase().trim().replace(/ {2,}/g, ' ')
  return text
    .normalize('NFKC')
    .replace(skipped, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ς/g, 'σ')
    .normalize('NFKC')
    .replace(spaces, ' ')
    .trim()
}
