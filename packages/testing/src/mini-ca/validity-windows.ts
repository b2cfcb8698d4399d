import { daysFrom } from '../forge/fields/time-spec.js'

/** Both ends belong to it (RFC 5280 §4.1.2.5). */
export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

/** When the certificates of a mini-CA are valid. Lists and answers are as young and as old as the CA. */
export interface ValidityWindows {
  readonly ca: Validity
  readonly valid: Validity
  readonly expired: Validity
  readonly notYetValid: Validity
}

/**
 * Without a time every test that runs between 2021 and 2048 is in the middle: neither its clock nor its year matters, and
 * no certificate changes from one day to the next.
 */
const always: ValidityWindows = {
  ca: years(2020, 2049),
  valid: years(2020, 2049),
  expired: years(2020, 2020),
  notYetValid: years(2049, 2049),
}

function years(first: number, last: number): Validity {
  return {
    notBefore: new Date(`${first}-01-01T00:00:00Z`),
    notAfter: new Date(`${last}-12-31T23:59:59Z`),
  }
}

/** @throws {RangeError} no time, or one beyond 2100 or before 1970: validities around it could not be written */
export function validityWindows(at: Date | undefined): ValidityWindows {
  if (at === undefined) return always
  const year = at.getUTCFullYear()
  if (!(year >= 1970 && year <= 2100)) throw new RangeError('at: expected a time from 1970 to 2100')
  const around = (from: number, to: number): Validity => ({
    notBefore: daysFrom(at, from),
    notAfter: daysFrom(at, to),
  })
  return {
    ca: around(-365, 3650),
    valid: around(-1, 89),
    expired: around(-90, -1),
    notYetValid: around(1, 90),
  }
}
