import { CommandError } from './command-error.js'

/** A time that somebody has typed. @throws {CommandError} it is none in UTC */
export function utcTime(command: string, text: string): Date {
  const time = new Date(text)
  if (/^\d{4}-\d{2}-\d{2}(T.*Z)?$/.test(text) && !Number.isNaN(time.getTime())) return time
  const state = `"${text}" is no time in UTC, as in 2027-01-01 or 2027-01-01T12:00:00Z`
  throw new CommandError('usage', `cannot ${command}: ${state}`)
}
