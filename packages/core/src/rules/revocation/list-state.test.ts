import { describe, expect, it } from 'vitest'
import type { CrlSummary } from '../../ports/records.js'
import { coversAll, isOlderThan } from './list-state.js'

const thisUpdate = new Date('2026-06-01T12:00:00Z')
const list = (revocationCount: number) => ({ thisUpdate, revocationCount }) as CrlSummary

describe('a list', () => {
  it.each([
    [3600, true],
    [3599.999, false],
    [0, false],
    [-60, false],
  ])('that was made %d seconds ago is an hour old: %s', (seconds, expected) => {
    expect(isOlderThan(list(0), 3600, new Date(thisUpdate.getTime() + seconds * 1000))).toBe(expected)
  })

  it.each([
    [list(2), 2, true],
    [list(3), 2, true],
    [list(1), 2, false],
    [list(0), 0, true],
    [undefined, 0, false],
  ] as const)('covers all that is revoked (%j, %d entries): %s', (latest, revocationCount, expected) => {
    expect(coversAll({ latest, revocationCount })).toBe(expected)
  })
})
