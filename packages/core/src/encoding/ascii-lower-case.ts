/**
 * Without case where names have none: A to Z alone. `toLowerCase` takes the Kelvin sign (U+212A) for a k as well, and so one
 * name for another.
 */
export const asciiLowerCase = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
