import type { PkiErrorCode, PkiErrorContexts } from './codes.js'

const brand = Symbol.for('certwright.PkiError')

/**
 * The one error class of Certwright. Switch on `code`: `isPkiError` narrows `context` with it.
 * Misuse by the programmer is a `TypeError` or `RangeError` instead and carries no code.
 */
export class PkiError<C extends PkiErrorCode = PkiErrorCode> extends Error {
  override readonly name = 'PkiError'
  readonly code: C
  readonly context: PkiErrorContexts[C]
  readonly [brand] = true

  constructor(code: C, message: string, context: PkiErrorContexts[C], options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.context = context
  }
}

/** A `PkiError` of any code, as a union that `switch (error.code)` narrows. */
export type AnyPkiError = { [C in PkiErrorCode]: PkiError<C> }[PkiErrorCode]

/** True for a `PkiError` of this or another copy of the library (ESM beside CommonJS), where `instanceof` fails. */
export function isPkiError(value: unknown): value is AnyPkiError {
  return typeof value === 'object' && value !== null && brand in value
}

/** True for a `PkiError` with the given code. */
export function hasCode<C extends PkiErrorCode>(value: unknown, code: C): value is PkiError<C> {
  return isPkiError(value) && value.code === code
}
