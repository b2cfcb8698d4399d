import { describe, expect, it } from 'vitest'
import { noon } from '../test-certificates.js'
import { secondsOf, staleness, worstOf } from './revocation-status.js'

const after = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000)

/** Of noon, until ten seconds later. */
const at = (seconds: number, maximumAgeSeconds?: number) =>
  staleness({ thisUpdate: noon, nextUpdate: after(10) }, { at: after(seconds), maximumAgeSeconds })

describe('an answer', () => {
  it('is current from its thisUpdate to its nextUpdate, by the second', () => {
    for (const seconds of [0, 10, 10.999]) expect(at(seconds)).toBeUndefined()
    expect(at(-0.001)).toBe('is from the future (thisUpdate 2026-03-01T12:00:00.000Z)')
    expect(at(11)).toBe('is out of date (nextUpdate 2026-03-01T12:00:10.000Z)')
  })

  it('without a nextUpdate is current for as long as the caller believes it', () => {
    const update = { thisUpdate: noon, nextUpdate: undefined }
    const told = (seconds: number, maximumAgeSeconds?: number) =>
      staleness(update, { at: after(seconds), maximumAgeSeconds })
    expect(told(1e9)).toBeUndefined()
    expect(told(60, 60)).toBeUndefined()
    expect(told(61, 60)).toBe('is 61 seconds old')
  })

  it('is too old where the caller says so, whatever its nextUpdate says', () => {
    expect(at(5, 5)).toBeUndefined()
    expect(at(6, 5)).toBe('is 6 seconds old')
    expect(at(6, 0)).toBe('is 6 seconds old')
  })
})

it('seconds are whole ones, rounded down, before 1970 too', () => {
  expect([1999, 2000, -1].map((ms) => secondsOf(new Date(ms)))).toEqual([1, 2, -1])
})

it('bad news counts, whoever brings it, and good news before none', () => {
  const good = { kind: 'good' } as const
  const revoked = { kind: 'revoked', revokedAt: noon, reason: undefined } as const
  const unknown = { kind: 'unknown', because: 'x' } as const
  expect(worstOf([unknown, good, revoked])).toBe(revoked)
  expect(worstOf([unknown, good])).toBe(good)
  expect(worstOf([unknown])).toBe(unknown)
  expect(worstOf([])).toBeUndefined()
})
