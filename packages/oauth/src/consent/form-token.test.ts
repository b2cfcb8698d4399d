import { expect, it } from 'vitest'
import { formToken, isFormToken } from './form-token.js'

const key = new Uint8Array(32).fill(7)
const token = formToken(key, 'request', 'user')

it('a form is of one request, one user and one server', () => {
  expect(isFormToken(token, key, 'request', 'user')).toBe(true)
  expect(isFormToken(token, key, 'another', 'user')).toBe(false)
  expect(isFormToken(token, key, 'request', 'another')).toBe(false)
  expect(isFormToken(token, new Uint8Array(32), 'request', 'user')).toBe(false)
})

it.each([
  ['nothing', ''],
  ['less', token.slice(0, -1)],
  ['more', `${token}A`],
  ['letters of more than one octet, as many as there should be', 'ä'.repeat(token.length)],
])('%s is no token', (_, shown) => {
  expect(isFormToken(shown, key, 'request', 'user')).toBe(false)
})

it('256 bits, in letters that a form leaves as they are', () => {
  expect(token).toMatch(/^[\w-]{43}$/)
})
