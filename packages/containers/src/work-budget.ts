import { tooMuch, unreadable } from './container-errors.js'

/*
 * A container says itself how much work opening it takes, and a field of a few octets can ask for years. The bounds are
 * per file, not per key: a key store may hold a thousand keys, each with a derivation of its own.
 */

/**
 * PBKDF2 iterations for one file: 2^23 - 1, the largest INTEGER that asn1js reads as a number (longer ones read as 0). OWASP
 * asks for 600,000 with SHA-256 (2023), and these take about 2 s of native code.
 */
const maximumIterations = 8_388_607

/** What is left of the work that one file may cause. */
export interface WorkBudget {
  /**
   * @throws {PkiError} `invalid_structure`: fewer than one iteration, or more than any file may ask for
   * @throws {PkiError} `request_too_large`: more than are left
   */
  spend(iterations: number): void
}

export function workBudget(structure: string, maximum: number = maximumIterations): WorkBudget {
  let spent = 0
  return {
    spend(iterations) {
      if (!(iterations >= 1 && iterations <= maximum)) {
        throw unreadable(
          structure,
          `its iteration count is not between 1 and ${maximum}, the most that are done`,
        )
      }
      spent += iterations
      if (spent > maximum) throw tooMuch(structure, 'iterations of key derivation', { count: spent, maximum })
    },
  }
}
