import { expect, it } from 'vitest'
import { CommandError } from '../command-error.js'
import { readRateLimits } from './rate-limits.js'

const read = (...given: readonly (readonly [string, string])[]) => readRateLimits(new Map(given))

it('leaves the defaults where no flag is given', () => {
  expect(read()).toEqual({})
})

it('takes each limit by itself', () => {
  expect(read(['request-limit', '1'])).toEqual({ generalPerMinute: 1 })
  expect(read(['issue-limit', '1000000'])).toEqual({ issuePerMinute: 1_000_000 })
})

it.each(['0', '1000001', '-1', '1.5', '1e3', 'none', ''])(
  'refuses the limit "%s", and says what fits',
  (text) => {
    expect(() => read(['issue-limit', text])).toThrow(
      new CommandError(
        'usage',
        `cannot serve: "${text}" is no limit; give --issue-limit requests a minute, from 1 to 1000000`,
      ),
    )
  },
)
