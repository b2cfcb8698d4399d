import { expect, it } from 'vitest'
import { requestedRange } from './byte-range.js'

const rangeOf = (headers: Record<string, string>) =>
  requestedRange(new Request('http://pki.test/', { headers }), { length: 10, entityTag: '"7"' })

it.each<[string, string, ReturnType<typeof rangeOf>]>([
  ['from the start', 'bytes=0-3', { first: 0, last: 3 }],
  ['from where it broke off', 'bytes=4-', { first: 4, last: 9 }],
  ['the last octets', 'bytes=-3', { first: 7, last: 9 }],
  ['more than there is', 'bytes=8-99', { first: 8, last: 9 }],
  ['more of the last than there is', 'bytes=-99', { first: 0, last: 9 }],
  ['behind the end', 'bytes=10-', 'unsatisfiable'],
  ['the last none', 'bytes=-0', 'unsatisfiable'],
  ['backwards', 'bytes=5-4', undefined],
  ['several', 'bytes=0-1,4-5', undefined],
  ['other units', 'items=0-1', undefined],
  ['nothing', 'bytes=-', undefined],
])('a range %s: %s (RFC 9110 §14.1.2)', (_, range, expected) => {
  expect(rangeOf({ range })).toEqual(expected)
})

it('a part is only given of the version that the client has begun with (§13.1.5)', () => {
  expect(rangeOf({ range: 'bytes=4-', 'if-range': '"7"' })).toEqual({ first: 4, last: 9 })
  expect(rangeOf({ range: 'bytes=4-', 'if-range': '"6"' })).toBeUndefined()
  expect(rangeOf({ range: 'bytes=4-', 'if-range': 'Thu, 01 Jan 2026 00:00:00 GMT' })).toBeUndefined()
})
