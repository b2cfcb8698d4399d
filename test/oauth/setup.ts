import { createAuthority, operator, type Rights, type Storage } from '@certwright/core'
import { createHandler, type Handler, type HandlerExtension, type HandlerOptions } from '@certwright/http'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { type OAuthOptions, oauthExtension } from '@certwright/oauth'
import * as oauth from 'oauth4webapi'
import { vi } from 'vitest'

/*
 * One authorization server for the tests of this folder, over the real authority, and asked without a network:
 *
 *   My Workspace   Root ── Issuing, Revoked     Ada may do everything
 *   Elsewhere      Foreign Root                 Ada may read
 *   Not hers       Hidden Root
 */

export const issuer = 'https://pki.example.org'
export const redirectUri = 'https://client.example/callback'

export const operatorCaller = { principal: operator('test') }
const all: Rights = { canRead: true, canIssue: true, canRevoke: true }

export type World = Awaited<ReturnType<typeof createWorld>>

export interface WorldOptions {
  readonly oauth?: Partial<OAuthOptions>
  readonly handler?: HandlerOptions
  /** Beside that of OAuth. */
  readonly extensions?: (parties: Parties) => readonly HandlerExtension[]
  readonly storage?: Storage
  /** Gets what is written: the arguments of every call in every transaction. */
  readonly watch?: (record: unknown) => void
}

/** The clock stands still, for the library reads the platform's. Call `vi.useRealTimers` after each test. */
export const stopClock = (): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:00Z') })
}

export async function createWorld(options: WorldOptions = {}) {
  const { watch } = options
  const storage = watched(options.storage ?? memoryStorage(), watch)
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const parties = await createParties(authority)
  const extension = oauthExtension({
    authority,
    storage,
    issuer,
    // The host's own session: here a cookie that names the user.
    getUser: async (request) => {
      const id = /(?:^|; )user=([0-9a-f-]{36})/.exec(request.headers.get('cookie') ?? '')?.[1]
      return id === undefined ? undefined : { id }
    },
    signInUrl: (returnTo) => `${issuer}/sign-in?return_to=${encodeURIComponent(returnTo)}`,
    ...options.oauth,
  })
  const extensions = [extension, ...(options.extensions?.(parties) ?? [])]
  const handler = createHandler(authority, { rateLimits: false, extensions, ...options.handler })
  const served = options.oauth?.issuer ?? issuer
  return { authority, storage, handler, issuer: served, ...parties, ...clientOf(handler, served) }
}

function watched(storage: Storage, watch: WorldOptions['watch']): Storage {
  if (watch === undefined) return storage
  const told = <T extends object>(target: T, isTransaction: boolean): T =>
    new Proxy(target, {
      get(inner, name) {
        const member: unknown = Reflect.get(inner, name, inner)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          if (name === 'transaction') {
            const [work] = args as [(tx: object) => unknown]
            return member.call(inner, (tx: object) => work(told(tx, true)))
          }
          if (isTransaction) watch(args)
          return member.apply(inner, args) as unknown
        }
      },
    })
  return told(storage, false)
}

type Authority = ReturnType<typeof createAuthority>
export type Parties = Awaited<ReturnType<typeof createParties>>

async function createParties(authority: Authority) {
  const workspace = async (name: string) =>
    (await authority.createWorkspace({ name, plan: 'pro' }, operatorCaller)).id
  const mine = await workspace('My Workspace')
  const elsewhere = await workspace('Elsewhere')
  const hidden = await workspace('Not hers')
  const root = async (name: string, workspaceId: string) =>
    (await authority.createRoot({ name, workspaceId }, operatorCaller)).id
  const rootCaId = await root('Root', mine)
  const below = async (name: string) =>
    (await authority.createIntermediate({ name, parentCaId: rootCaId }, operatorCaller)).id
  const cas = {
    root: rootCaId,
    issuing: await below('Issuing'),
    revoked: await below('Revoked'),
    foreign: await root('Foreign Root', elsewhere),
    hidden: await root('Hidden Root', hidden),
  }
  await authority.revokeCa({ caId: cas.revoked, reason: 'cessationOfOperation' }, operatorCaller)
  const ada = (await authority.createUser({ email: 'ada@example.org' }, operatorCaller)).id
  const bob = (await authority.createUser({ email: 'bob@example.org' }, operatorCaller)).id
  await authority.addMember({ workspaceId: mine, userId: ada, rights: 'all' }, operatorCaller)
  const readOnly = { [cas.foreign]: { ...all, canIssue: false, canRevoke: false } }
  await authority.addMember({ workspaceId: elsewhere, userId: ada, rights: readOnly }, operatorCaller)
  const { client, secret } = await authority.createOAuthClient(
    { workspaceId: mine, userId: ada, name: 'Dashboard', redirectUris: [redirectUri] },
    operatorCaller,
  )
  /** The credentials of a confidential client, as it sends them. */
  const dashboard = { client_id: client.id, client_secret: secret }
  return { workspaces: { mine, elsewhere, hidden }, cas, users: { ada, bob }, dashboard }
}

/** oauth4webapi over the handler: the foreign judge of every answer that it sees. */
function clientOf(handler: Handler, served: string) {
  const send = (url: string, init: RequestInit = {}): Promise<Response> =>
    handler(new Request(url, init), { remoteAddress: '192.0.2.1' })
  const options = {
    [oauth.customFetch]: (url: string, init: object): Promise<Response> => send(url, init),
  }
  const discover = async () =>
    oauth.processDiscoveryResponse(
      new URL(served),
      await oauth.discoveryRequest(new URL(served), { algorithm: 'oauth2', ...options }),
    )
  return { send, options, discover }
}

/** Somebody's browser: cookies by path, and redirects of the same origin, which it follows. */
export function browserOf(handler: Handler, userId?: string) {
  const jar = new Map<string, { readonly path: string; readonly pair: string }>()
  if (userId !== undefined) jar.set('user', { path: '/', pair: `user=${userId}` })

  async function open(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url)
    const cookie = [...jar.values()].filter(({ path }) => pathname.startsWith(path)).map(({ pair }) => pair)
    const headers = new Headers(init.headers)
    if (cookie.length > 0) headers.set('cookie', cookie.join('; '))
    const response = await handler(new Request(url, { ...init, headers }), { remoteAddress: '192.0.2.2' })
    for (const line of response.headers.getSetCookie()) keep(line)
    return response
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/'
    const name = pair.slice(0, pair.indexOf('='))
    if (pair.endsWith('=') || line.includes('expires=Thu, 01 Jan 1970')) jar.delete(`${name} ${path}`)
    else jar.set(`${name} ${path}`, { path, pair })
  }

  /** Redirects of the server itself are followed; `location` is where it ends outside of it. */
  async function follow(url: string, init?: RequestInit) {
    let at = url
    let response = await open(at, init)
    // A flow has four redirects at most.
    for (let hops = 0; hops < 6; hops++) {
      const location = response.headers.get('location')
      if (location === null) return { at, response, html: await response.text(), location: undefined }
      at = new URL(location, at).href
      if (new URL(at).origin !== issuer || at.includes('/sign-in')) {
        return { at, response, html: '', location: new URL(at) }
      }
      response = await open(at)
    }
    throw new Error(`The browser was sent in circles, at last to ${at}`)
  }

  return { open, follow, jar }
}

export const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' }

export const hiddenField = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''

export type Flow = Awaited<ReturnType<typeof beginFlow>>

/** The request of a client, as far as the page that asks its user. */
export async function beginFlow(
  world: World,
  change: Readonly<Record<string, string | undefined>> = {},
  userId = world.users.ada,
) {
  const verifier = oauth.generateRandomCodeVerifier()
  const fields: Record<string, string | undefined> = {
    client_id: world.dashboard.client_id,
    response_type: 'code',
    redirect_uri: redirectUri,
    state: 'a state',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: world.issuer,
    ...change,
  }
  const url = new URL(`${world.issuer}/oauth/authorize`)
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  const browser = browserOf(world.handler, userId)
  const page = await browser.follow(url.href)
  return { verifier, browser, page, url: url.href }
}

/** Fill in the page's form and send it. @param rights as in `CA-ID:read` */
export async function answerPage(
  { browser, page }: Pick<Flow, 'browser' | 'page'>,
  rights: readonly string[],
  change: Readonly<Record<string, string>> = {},
) {
  const chosen = await chooseWorkspace({ browser, page }, change['workspace'])
  const body = new URLSearchParams({
    form_token: hiddenField(chosen.html, 'form_token'),
    workspace: hiddenField(chosen.html, 'workspace'),
    decision: 'allow',
    ...change,
  })
  for (const right of rights) body.append('right', right)
  const headers = { ...formHeaders, origin: issuer }
  return browser.follow(page.at, { method: 'POST', headers, body: body.toString() })
}

/** The first workspace where none is named. */
export async function chooseWorkspace({ browser, page }: Pick<Flow, 'browser' | 'page'>, workspace?: string) {
  if (!page.html.includes('type="radio"')) return page
  const first = /type="radio" name="workspace" value="([^"]*)"/.exec(page.html)?.[1]
  return browser.follow(`${page.at}?workspace=${workspace ?? first}`)
}

export interface TokenFields {
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly error?: string
  readonly error_description?: string
}

export async function postForm(world: World, path: string, fields: Readonly<Record<string, string>>) {
  const body = new URLSearchParams(fields).toString()
  const response = await world.send(`${world.issuer}${path}`, { method: 'POST', headers: formHeaders, body })
  const text = await response.text()
  // The cast: an answer of another shape fails the assertion that looks at it.
  const json = (text === '' ? {} : JSON.parse(text)) as TokenFields
  return { status: response.status, headers: response.headers, json }
}

/** A whole flow of the confidential client: tokens for these rights. */
export async function grantedTokens(
  world: World,
  rights: readonly string[],
  { userId = world.users.ada, resource = world.issuer } = {},
) {
  const flow = await beginFlow(world, { resource }, userId)
  const { location } = await answerPage(flow, rights, { workspace: world.workspaces.mine })
  const code = location?.searchParams.get('code')
  if (!code) throw new Error(`The test's own flow was refused: ${location?.href}`)
  const exchange = {
    ...world.dashboard,
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: flow.verifier,
  }
  const { status, json } = await postForm(world, '/oauth/token', exchange)
  if (status !== 200) throw new Error(`The test's own code was refused: ${JSON.stringify(json)}`)
  return { ...json, exchange, uid: flow.page.at.split('/').at(-1)?.split('?')[0] ?? '' }
}

export const refresh = (world: World, refreshToken: string) =>
  postForm(world, '/oauth/token', {
    ...world.dashboard,
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  })

export const whoami = async (world: World, accessToken: string) => {
  const headers = { authorization: `Bearer ${accessToken}` }
  const response = await world.send(`${world.issuer}/v1/whoami`, { headers })
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  }
}
