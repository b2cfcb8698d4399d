import type { ExtensionVisit } from '@certwright/http'
import { expect, it } from 'vitest'
import { errorOf, passOn, readForm, refusal } from './oauth-answer.js'

/** A visit with a body of this type. */
const visitWith = (type: string | undefined, body: string): ExtensionVisit =>
  ({
    request: new Request('https://ca.example.org/oauth/token', {
      method: 'POST',
      headers: type === undefined ? {} : { 'content-type': type },
    }),
    readBody: async (limit: number) => new TextEncoder().encode(body).subarray(0, limit),
  }) as unknown as ExtensionVisit

it.each([
  ['application/x-www-form-urlencoded', 'a=1&a=2&b=%C3%BC'],
  ['Application/X-WWW-Form-Urlencoded; charset=UTF-8', 'a=1&a=2&b=%C3%BC'],
])('a form of type "%s" is read, with what comes twice', async (type, body) => {
  const form = await readForm(visitWith(type, body))
  expect([form?.getAll('a'), form?.get('b')]).toEqual([['1', '2'], 'ü'])
})

it.each([undefined, 'application/json', 'multipart/form-data', 'text/plain'])(
  'a body of type %s is no form',
  async (type) => {
    await expect(readForm(visitWith(type, 'a=1'))).resolves.toBeUndefined()
  },
)

it('a refusal is kept by nobody on the way, is read by any page, and has its code for the log', async () => {
  const response = refusal(400, 'invalid_grant', 'The code is used up')
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'invalid_grant', error_description: 'The code is used up' },
  ])
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'certwright-error': 'invalid_grant',
  })
})

it('of what the server has refused, the log gets the code and nothing that a client may have written', async () => {
  const response = await passOn(
    Response.json({ error: 'invalid_request', error_description: 'secret' }, { status: 400 }),
  )
  expect(response.headers.get('certwright-error')).toBe('invalid_request')
  const strange = await passOn(new Response('<html>', { status: 500, headers: { 'content-length': '6' } }))
  expect(strange.headers.get('certwright-error')).toBe('invalid_request')
  expect(strange.headers.has('content-length')).toBe(false)
})

it.each([
  ['{"error":"slow_down"}', 'slow_down'],
  ['{"error":"a b"}', undefined],
  ['{"error":7}', undefined],
  [`{"error":"${'x'.repeat(41)}"}`, undefined],
  ['null', undefined],
  ['', undefined],
])('the code in %s is %s', (json, code) => {
  expect(errorOf(json)).toBe(code)
})
