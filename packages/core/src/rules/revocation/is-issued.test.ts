import { expect, it } from 'vitest'
import { isIssued } from './is-issued.js'

it.each([
  ['is kept', 'recorded', true],
  ['was kept until it had expired, and is in an archive', 'archived', true],
  ['may be under way', 'open', false],
  ['will never be', 'abandoned', false],
] as const)('a certificate that %s: %s', (_, state, expected) => {
  expect(isIssued(state)).toBe(expected)
})
