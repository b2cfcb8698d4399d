import type { RateLimitOptions } from '@certwright/http'
import { CommandError } from '../command-error.js'

/** `--request-limit` and `--issue-limit`: requests a minute and credential. */
export const rateLimitFlags = { 'request-limit': 'string', 'issue-limit': 'string' } as const

/** Above it a limit limits nothing that one process could answer. */
const highest = 1_000_000

export type RateLimits = Pick<RateLimitOptions, 'generalPerMinute' | 'issuePerMinute'>

/** What is not given has the default of `RateLimitOptions`. @throws {CommandError} a limit is no number from 1 to 1,000,000 */
export function readRateLimits(flags: ReadonlyMap<string, string>): RateLimits {
  const generalPerMinute = readLimit(flags, 'request-limit')
  const issuePerMinute = readLimit(flags, 'issue-limit')
  return {
    ...(generalPerMinute !== undefined && { generalPerMinute }),
    ...(issuePerMinute !== undefined && { issuePerMinute }),
  }
}

function readLimit(
  flags: ReadonlyMap<string, string>,
  flag: keyof typeof rateLimitFlags,
): number | undefined {
  const text = flags.get(flag)
  if (text === undefined) return undefined
  const limit = Number(text)
  if (/^[0-9]{1,7}$/.test(text) && limit >= 1 && limit <= highest) return limit
  const state = `"${text}" is no limit; give --${flag} requests a minute, from 1 to ${highest}`
  throw new CommandError('usage', `cannot serve: ${state}`)
}
