import { expect, it } from 'vitest'
import { isNativeRedirect } from './native-redirect.js'

it.each([
  ['http://127.0.0.1:4321/callback', true],
  ['http://[::1]/callback', true],
  ['http://localhost/callback', true],
  ['com.example.app:/callback', true],
  ['https://localhost/callback', false],
  ['https://app.example.org/callback', false],
  ['http://127.0.0.1.example.org/callback', false],
])('%s stays on the machine of the user: %s (RFC 8252 §7)', (uri, isNative) => {
  expect(isNativeRedirect(uri)).toBe(isNative)
})
