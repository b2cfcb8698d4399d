import { expect, it } from 'vitest'
import { parseClientRequest, RegistrationRefusal } from './client-request.js'

const redirect_uris = ['https://app.example.org/callback']

/** The code and the words of the refusal. */
function refusalOf(input: unknown): string {
  try {
    parseClientRequest(input)
  } catch (error) {
    if (error instanceof RegistrationRefusal) return `${error.code}: ${error.message}`
    throw error
  }
  return 'taken'
}

it('a public client needs a redirect URI, and is named after its host', () => {
  expect(parseClientRequest({ redirect_uris })).toEqual({
    name: 'app.example.org',
    redirectUris: redirect_uris,
  })
  expect(parseClientRequest({ redirect_uris: ['com.example.app:/callback'] }).name).toBe('unnamed')
})

it('what has not been checked is not kept (RFC 7591 §2 has a logo, a policy, contacts)', () => {
  const asked = {
    redirect_uris,
    client_name: ' Lanterna ',
    logo_uri: 'https://evil.example/certwright.png',
    scope: 'everything',
  }
  expect(parseClientRequest(asked)).toEqual({ name: 'Lanterna', redirectUris: redirect_uris })
})

it.each([
  ['the grants and the response that there are', { grant_types: ['authorization_code', 'refresh_token'] }],
  ['one of them', { grant_types: ['authorization_code'], response_types: ['code'] }],
  ['no secret', { token_endpoint_auth_method: 'none' }],
  ['a name of 100 characters', { client_name: 'x'.repeat(100) }],
  ['a name of any script', { client_name: '証明書 Überprüfung' }],
])('takes %s', (_, fields) => {
  expect(refusalOf({ redirect_uris, ...fields })).toBe('taken')
})

it.each([
  ['no object', 'text', /^invalid_client_metadata: the body must be a JSON object$/],
  ['a list', [], /^invalid_client_metadata: the body must be a JSON object$/],
  ['null', null, /^invalid_client_metadata: the body must be a JSON object$/],
  ['what was no JSON', undefined, /^invalid_client_metadata: the body must be a JSON object$/],
  ['no redirect URI', {}, /^invalid_redirect_uri: redirect_uris must be a list of 1 to 10$/],
  ['an empty list', { redirect_uris: [] }, /^invalid_redirect_uri: .* 1 to 10$/],
  [
    'eleven',
    { redirect_uris: Array.from({ length: 11 }, () => redirect_uris[0]) },
    /^invalid_redirect_uri: .* 1 to 10$/,
  ],
  [
    'a number',
    { redirect_uris: [...redirect_uris, 1] },
    /^invalid_redirect_uri: redirect_uris\[1\] must be a string$/,
  ],
  [
    'a script',
    { redirect_uris: ['javascript:alert(1)'] },
    /^invalid_redirect_uri: redirect_uris\[0\] must begin with https/,
  ],
  [
    'a fragment',
    { redirect_uris: ['https://a.example/#x'] },
    /^invalid_redirect_uri: .* must have no fragment$/,
  ],
  ['http', { redirect_uris: ['http://a.example/'] }, /^invalid_redirect_uri: .* must begin with https/],
])('refuses %s, and says what to change', (_, input, message) => {
  expect(refusalOf(input)).toMatch(message)
})

it.each([
  [
    'a secret',
    { token_endpoint_auth_method: 'client_secret_basic' },
    /token_endpoint_auth_method must be none/,
  ],
  [
    'another grant',
    { grant_types: ['password'] },
    /grant_types may hold authorization_code and refresh_token$/,
  ],
  [
    'grants without end',
    { grant_types: Array.from({ length: 3 }, () => 'refresh_token') },
    /grant_types may hold/,
  ],
  ['grants that are no list', { grant_types: 'authorization_code' }, /grant_types may hold/],
  ['the implicit flow', { response_types: ['token'] }, /response_types may hold code$/],
  ['an empty name', { client_name: ' ' }, /client_name must have 1 to 100 characters/],
  ['a name of 101 characters', { client_name: 'x'.repeat(101) }, /client_name must have 1 to 100/],
  ['a name that turns the text around it', { client_name: 'Bank\u202e' }, /none that cannot be seen/],
  ['a name with a line break', { client_name: 'a\nb' }, /none that cannot be seen/],
  ['a name that is a number', { client_name: 7 }, /client_name must have/],
])('of its metadata, refuses %s', (_, fields, message) => {
  expect(refusalOf({ redirect_uris, ...fields })).toMatch(/^invalid_client_metadata: /)
  expect(refusalOf({ redirect_uris, ...fields })).toMatch(message)
})
