import { describe, expect, it } from 'vitest'
import type { CrlSummary } from '../../ports/records.js'
import { isOlderThan } from './list-state.js'

const thisUpdate = new Date('2026-06-01T12:00:00Z')
const list = { thisUpdate } as CrlSummary

describe('a list', () => {
  it.each([
    [3600, true],
    [3599.999, false],
    [0, false],
    [-60, false],
  ])('that was made %d seconds ago is an hour old: %s', (seconds, expected) => {
    expect(isOlderThan(list, 3600, new Date(thisUpdate.getTime() + seconds * 1000))).toBe(expected)
  })
})
