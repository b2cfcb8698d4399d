import { tooMuch, unreadable } from './container-errors.js'

/*
 * A container says itself how much work opening it takes, and a field of a few octets can ask for years. The bounds are
 * per file, not per key: a key store may hold a thousand keys, each with a derivation of its own.
 *
 * Work is counted in iterations of PBKDF2 with SHA-256, which is native code. What else there is to do counts for as many as
 * take about as long.
 */

/** What one file may cause: OWASP asks for 600,000 iterations (2023), and these take about 2 s. */
const maximumWork = 2 ** 23

/** Of one derivation: asn1js reads an INTEGER from 2^23 as 0. */
const maximumIterations = maximumWork - 1

export interface OpeningLimits {
  /**
   * How much work opening the file may take, in iterations of PBKDF2 with SHA-256: 1 to 8,388,608, which is the default
   * and takes about 2 s. A block of scrypt (N·r·p of them) counts as 4, an octet under 3DES as 125. For files from strangers:
   * OWASP advises 600,000, and a PKCS#12 has them twice, for its key and for its certificates.
   */
  readonly maximumWork?: number | undefined
}

/** What is left of the work that one file may cause. */
export interface WorkBudget {
  /** @throws {PkiError} `request_too_large`: more than is left */
  spend(work: number): void
}

/** @throws {RangeError} the limit is none */
export function workBudget(structure: string, limits: OpeningLimits, own: number = maximumWork): WorkBudget {
  const limit = limits.maximumWork ?? maximumWork
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= maximumWork))
    throw new RangeError(`maximumWork: expected an integer from 1 to ${maximumWork}, got ${limit}`)
  const maximum = Math.min(limit, own)
  let spent = 0
  return {
    spend(work) {
      spent += work
      if (spent > maximum) throw tooMuch(structure, "iterations' worth of work", { count: spent, maximum })
    },
  }
}

/** @throws {PkiError} `invalid_structure`: fewer than one, or more than any file may ask for */
export function checkIterations(structure: string, iterations: number): void {
  if (iterations >= 1 && iterations <= maximumIterations) return
  throw unreadable(structure, `its iteration count is not between 1 and ${maximumIterations}`)
}
