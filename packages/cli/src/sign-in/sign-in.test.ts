import { createAuthority } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { expect, it } from 'vitest'
import { demonstrationSignIn } from './sign-in.js'

const issuer = 'https://ca.example.org'
const secret = 'cm_signin_0123456789abcdefghijkl'

/** The sign-in behind a handler, with a clock that the test moves. */
function serveSignIn({ at = issuer }: { readonly at?: string } = {}) {
  let now = new Date('2026-03-01T12:00:00Z')
  const signIn = demonstrationSignIn({ issuer: at, userId: 'user', secret, now: () => now })
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const handle = createHandler(authority, { extensions: [signIn.extension] })
  const ask = (path: string, init?: RequestInit) => handle(new Request(`${at}${path}`, init))
  return {
    ask,
    post: (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      ask('/sign-in', { method: 'POST', body: new URLSearchParams(fields), headers }),
    userWith: (cookie: string) => signIn.getUser(new Request(at, { headers: { cookie } })),
    forward: (seconds: number) => (now = new Date(now.getTime() + seconds * 1000)),
  }
}

const cookieOf = (response: Response): string => response.headers.get('set-cookie') ?? ''
const pairOf = (response: Response): string => cookieOf(response).split(';')[0] ?? ''

it('the page speaks the language of the browser, and says so', async () => {
  const { ask } = serveSignIn()
  const german = await ask('/sign-in', { headers: { 'accept-language': 'de-AT, en;q=0.5' } })
  expect([german.status, german.headers.get('content-language'), german.headers.get('vary')]).toEqual([
    200,
    'de',
    'Accept-Language',
  ])
  const text = await german.text()
  expect(text).toContain('<html lang="de">')
  expect(text).toContain('Anmeldegeheimnis')
  expect(await (await ask('/sign-in')).text()).toContain('<label for="secret">Sign-in secret</label>')
})

it('an address to return to is escaped, and nothing of the page may run', async () => {
  const response = await serveSignIn().ask(`/sign-in?return_to=${encodeURIComponent('"><script>1</script>')}`)
  expect(await response.text()).not.toContain('<script>')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
})

it('who shows the secret is signed in for eight hours, by a cookie that no script reads', async () => {
  const { post, userWith, forward } = serveSignIn()
  const response = await post({ secret: ` ${secret}\n`, return_to: `${issuer}/oauth/consent/abc` })
  expect([response.status, response.headers.get('location')]).toEqual([303, `${issuer}/oauth/consent/abc`])
  expect(cookieOf(response)).toMatch(/; Path=\/; Max-Age=28800; HttpOnly; SameSite=Lax; Secure$/)
  const pair = pairOf(response)
  await expect(userWith(`other=1; ${pair}`)).resolves.toEqual({ id: 'user' })
  forward(8 * 3600 - 1)
  await expect(userWith(pair)).resolves.toEqual({ id: 'user' })
  forward(1)
  await expect(userWith(pair)).resolves.toBeUndefined()
})

it('on a loopback address without TLS, the cookie is sent without TLS', async () => {
  const { post } = serveSignIn({ at: 'http://127.0.0.1:8080' })
  expect(cookieOf(await post({ secret }))).not.toContain('Secure')
})

it.each([
  ['https://evil.example/oauth/consent/', 'another host'],
  [`${issuer}.evil.example/oauth/consent/x`, 'a host that begins like ours'],
  [`${issuer}/v1/certificates`, 'a page that is not the consent'],
  ['javascript:alert(1)', 'a script'],
  ['', 'nowhere'],
])('nobody is sent to %s: %s', async (returnTo) => {
  const response = await serveSignIn().post({ secret, return_to: returnTo })
  expect(response.headers.get('location')).toBe(`${issuer}/docs`)
})

it.each([
  { what: 'a wrong secret', fields: { secret: `${secret.slice(0, -1)}0` }, headers: {} },
  { what: 'no secret', fields: {}, headers: {} },
  { what: 'the form of another page', fields: { secret }, headers: { origin: 'https://evil.example' } },
])('$what signs nobody in', async ({ fields, headers }) => {
  const response = await serveSignIn().post(fields, headers)
  expect([response.status, cookieOf(response)]).toEqual([403, ''])
  expect(await response.text()).toContain('role="alert"')
})

it('a cookie that is changed, prolonged, cut or of another secret is none', async () => {
  const { post, userWith } = serveSignIn()
  const pair = pairOf(await post({ secret }))
  const [end = '', signature = ''] = pair.slice('certwright_session='.length).split('.')
  const forged = [
    `certwright_session=${Number(end) + 1}.${signature}`,
    `certwright_session=${end}.${signature.slice(0, -1)}`,
    `certwright_session=${end}.`,
    `certwright_session=.${signature}`,
    'certwright_session',
    'certwright_session=NaN.x',
  ]
  expect(await Promise.all(forged.map(userWith))).toEqual(forged.map(() => undefined))
})
