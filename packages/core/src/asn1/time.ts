import { PkiError } from '../errors/pki-error.js'
import { invalidDer } from './der-error.js'

/** UTCTime as RFC 5280 §4.1.2.5.1 allows it: YYMMDDHHMMSSZ, 1950 to 2049. */
export function decodeUtcTime(content: Uint8Array, offset = 0): Date {
  if (content.length !== 13)
    throw invalidDer(offset, `a UTCTime has ${content.length} characters where 13 are required`)
  const year = digits(content, 0, 2, offset)
  return decodeFrom(content, 2, year < 50 ? 2000 + year : 1900 + year, offset)
}

/** GeneralizedTime as RFC 5280 §4.1.2.5.2 allows it: YYYYMMDDHHMMSSZ. */
export function decodeGeneralizedTime(content: Uint8Array, offset = 0): Date {
  if (content.length !== 15) {
    throw invalidDer(offset, `a GeneralizedTime has ${content.length} characters where 15 are required`)
  }
  return decodeFrom(content, 4, digits(content, 0, 4, offset), offset)
}

function decodeFrom(content: Uint8Array, start: number, year: number, offset: number): Date {
  const month = digits(content, start, 2, offset)
  const day = digits(content, start + 2, 2, offset)
  const hour = digits(content, start + 4, 2, offset)
  const minute = digits(content, start + 6, 2, offset)
  const second = digits(content, start + 8, 2, offset)
  if (content[start + 10] !== 0x5a) throw invalidDer(offset, 'a time does not end in Z')
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysIn(year, month) ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  ) {
    throw invalidDer(offset, 'a time is not in the calendar')
  }
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute, second)
  return time
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function digits(content: Uint8Array, start: number, count: number, offset: number): number {
  let value = 0
  for (let i = start; i < start + count; i++) {
    const digit = (content[i] as number) - 0x30
    if (digit < 0 || digit > 9) throw invalidDer(offset, 'a time has a character that is no digit')
    value = value * 10 + digit
  }
  return value
}

/** YYMMDDHHMMSSZ or, from 2050, YYYYMMDDHHMMSSZ: the form that RFC 5280 §4.1.2.5 requires for the year. */
export function timeText(time: Date): { isUtcTime: boolean; text: string } {
  const text = generalizedTimeText(time)
  const year = time.getUTCFullYear()
  const isUtcTime = year >= 1950 && year < 2050
  return { isUtcTime, text: isUtcTime ? text.slice(2) : text }
}

/** The last two: a certificate has two times, an OCSP answer one twice and another, and those that follow soon have the same. */
let latest = { milliseconds: Number.NaN, text: '' }
let before = latest

/**
 * YYYYMMDDHHMMSSZ.
 *
 * @throws {PkiError} `invalid_structure`: no valid date, or outside the years 0000 to 9999
 */
export function generalizedTimeText(time: Date): string {
  const milliseconds = time.getTime()
  if (milliseconds === latest.milliseconds) return latest.text
  if (milliseconds !== before.milliseconds) {
    ;[latest, before] = [{ milliseconds, text: writeTime(time) }, latest]
    return latest.text
  }
  return before.text
}

function writeTime(time: Date): string {
  const milliseconds = time.getTime()
  const year = time.getUTCFullYear()
  if (Number.isNaN(milliseconds) || year < 0 || year > 9999) {
    throw new PkiError('invalid_structure', 'Cannot write time: it is outside the years 0000 to 9999', {
      structure: 'Time',
    })
  }
  return (
    `${year}`.padStart(4, '0') +
    two(time.getUTCMonth() + 1) +
    two(time.getUTCDate()) +
    two(time.getUTCHours()) +
    two(time.getUTCMinutes()) +
    two(time.getUTCSeconds()) +
    'Z'
  )
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** The time cut to whole seconds, as every time in X.509 is. */
export const toWholeSeconds = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000)
