import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answerPage,
  beginFlow,
  browserOf,
  chooseWorkspace,
  createWorld,
  type Flow,
  formHeaders,
  hiddenField,
  issuer,
  operatorCaller,
  redirectUri,
  stopClock,
  type World,
} from './setup.js'

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

async function begin(change?: Parameters<typeof beginFlow>[1], user?: string) {
  const world = await createWorld()
  const flow = await beginFlow(world, change, user)
  const mine = { workspace: world.workspaces.mine }
  return { world, flow, mine, rights: [`${world.cas.root}:read`] }
}

const grantsOf = async ({ storage, users }: World) =>
  (await storage.listOAuthGrants({ userId: users.ada }, { page: 1, pageSize: 10 })).items

const outcomeOf = ({ location }: { readonly location: URL | undefined }) =>
  location?.searchParams.get('error') ?? (location?.searchParams.has('code') ? 'a code' : 'a page')

describe('the page', () => {
  it('offers the CAs of the workspace by their names, and no revoked, foreign or hidden one', async () => {
    const { flow, mine, world } = await begin()
    const { html } = await chooseWorkspace(flow, mine.workspace)
    expect(html).toContain('<legend>Root</legend>')
    expect(html).toContain('<legend>Issuing</legend>')
    for (const id of [world.cas.revoked, world.cas.foreign, world.cas.hidden]) expect(html).not.toContain(id)
  })

  it('offers no right that the user does not have', async () => {
    const { flow, world } = await begin()
    const { html } = await chooseWorkspace(flow, world.workspaces.elsewhere)
    expect(html).toContain(`value="${world.cas.foreign}:read"`)
    expect(html).not.toMatch(/:issue"|:revoke"/)
  })

  it('asks for the workspace only where there are several', async () => {
    const { world, mine } = await begin()
    const member = { workspaceId: mine.workspace, userId: world.users.bob }
    await world.authority.addMember({ ...member, rights: 'all' }, operatorCaller)
    const { page } = await beginFlow(world, {}, world.users.bob)
    expect(page.html).toContain('<legend>Root</legend>')
    expect(page.html).not.toContain('radio')
  })

  it('says who asks, where it leads, who is signed in, and that nobody has checked the name', async () => {
    const { world } = await begin()
    const response = await world.send(`${issuer}/oauth/register`, {
      method: 'POST',
      body: JSON.stringify({ client_name: '<b>Bank</b>', redirect_uris: [redirectUri] }),
    })
    const { client_id } = (await response.json()) as { client_id: string }
    const { page } = await beginFlow(world, { client_id })
    expect(page.html).toContain('&lt;b&gt;Bank&lt;/b&gt; asks for access')
    expect(page.html).toContain('<dd>client.example</dd>')
    expect(page.html).toContain('<dd>ada@example.org</dd>')
    expect(page.html).toContain('Nobody has checked its name')
    expect((await begin()).flow.page.html).not.toContain('Nobody has checked its name')
  })

  it.each([
    ['de-CH,de;q=0.9,en;q=0.8', 'de', 'Ablehnen'],
    ['fr,en;q=0.5,de;q=0.4', 'en', 'Deny'],
    ['fr', 'en', 'Deny'],
    ['en;q=0,de;q=0.1', 'de', 'Ablehnen'],
    ['de;q=7', 'en', 'Deny'],
  ])('for a browser that prefers %s is in %s', async (languages, lang, word) => {
    const { flow } = await begin()
    const headers = { 'accept-language': languages }
    const { html, response } = await flow.browser.follow(flow.page.at, { headers })
    expect(html).toContain(`<html lang="${lang}">`)
    expect(html).toContain(word)
    expect(response.headers.get('vary')).toBe('Accept-Language')
  })

  it('has no script, cannot be framed, and may send its form here and to the client alone', async () => {
    const { flow } = await begin()
    const { headers } = flow.page.response
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' https:\/\/client\.example; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(flow.page.html).not.toMatch(/<script| on\w+=/)
  })

  it('sends somebody who is not signed in there, and back', async () => {
    const { world } = await begin()
    const { page } = await beginFlow(world, {}, '')
    expect(page.location?.pathname).toBe('/sign-in')
    expect(page.location?.searchParams.get('return_to')).toMatch(
      /^https:\/\/pki\.example\.org\/oauth\/consent\/[\w-]+$/,
    )
  })

  it('tells a user without any CA that there is nothing to grant, and lets them deny', async () => {
    const { world } = await begin()
    const flow = await beginFlow(world, {}, world.users.bob)
    expect(flow.page.html).toContain('no CA that you could grant')
    expect(outcomeOf(await answerPage(flow, [], { decision: 'deny' }))).toBe('access_denied')
  })
})

describe('an answer', () => {
  it('with rights gives the client a code, its state and the issuer, and the grant is in the audit log', async () => {
    const { world, flow, mine } = await begin()
    const { root, issuing } = world.cas
    const rights = [`${root}:read`, `${issuing}:read`, `${issuing}:issue`]
    const { location } = await answerPage(flow, rights, mine)
    expect(location?.searchParams.get('iss')).toBe(issuer)
    expect(location?.searchParams.get('state')).toBe('a state')
    const [grant] = await grantsOf(world)
    expect(Object.fromEntries(grant?.rights ?? [])).toEqual({
      [root]: { canRead: true, canIssue: false, canRevoke: false },
      [issuing]: { canRead: true, canIssue: true, canRevoke: false },
    })
    const events = await world.storage.listAuditEvents({ subjectId: grant?.id ?? '' }, 10)
    expect(events.map(({ type }) => type)).toEqual(['oauth_grant.created'])
  })

  it.each([
    ['deny', { decision: 'deny' }, true],
    ['allow with nothing ticked', { decision: 'allow' }, false],
  ])('%s is a denial', async (_case, change, withRights) => {
    const { world, flow, mine, rights } = await begin()
    expect(outcomeOf(await answerPage(flow, withRights ? rights : [], { ...mine, ...change }))).toBe(
      'access_denied',
    )
    expect(await grantsOf(world)).toEqual([])
  })

  const tampered: readonly [
    string,
    (world: World) => { rights: string[]; change?: Record<string, string> },
  ][] = [
    ['a CA of another workspace', ({ cas }) => ({ rights: [`${cas.foreign}:read`] })],
    ['a CA of a workspace that is not hers', ({ cas }) => ({ rights: [`${cas.hidden}:read`] })],
    ['a revoked CA', ({ cas }) => ({ rights: [`${cas.revoked}:read`] })],
    ['a right that there is none of', ({ cas }) => ({ rights: [`${cas.root}:own`] })],
    ['a right of an object prototype', ({ cas }) => ({ rights: [`${cas.root}:constructor`] })],
    ['no CA', () => ({ rights: ['__proto__:read'] })],
    [
      'a good right beside a bad one',
      ({ cas }) => ({ rights: [`${cas.root}:read`, `${cas.foreign}:issue`] }),
    ],
    ['a decision that is none', ({ cas }) => ({ rights: [`${cas.root}:read`], change: { decision: 'yes' } })],
    ['no token', ({ cas }) => ({ rights: [`${cas.root}:read`], change: { form_token: '' } })],
    [
      "another page's token",
      ({ cas }) => ({ rights: [`${cas.root}:read`], change: { form_token: 'x'.repeat(43) } }),
    ],
  ]

  it.each(tampered)('that was tampered with is refused whole: %s', async (_case, make) => {
    const { world, flow, mine, rights: good } = await begin()
    const { rights, change } = make(world)
    const answer = await answerPage(flow, rights, { ...mine, ...change })
    expect([answer.response.status, outcomeOf(answer)]).toEqual([400, 'a page'])
    expect(answer.html).toContain('role="alert"')
    expect(await grantsOf(world)).toEqual([])
    // The request still waits for a proper answer.
    expect(outcomeOf(await answerPage(flow, good, mine))).toBe('a code')
  })

  it('for a workspace whose form was not shown is refused: foreign, hidden, none', async () => {
    const { world, flow, rights } = await begin()
    for (const workspace of [world.workspaces.elsewhere, world.workspaces.hidden, 'x']) {
      const answer = await post(flow, { workspace, right: rights[0] ?? '' })
      expect([answer.response.status, await grantsOf(world)]).toEqual([400, []])
    }
  })

  it('with more than the user may do any more is refused', async () => {
    const { world, flow, mine } = await begin()
    const member = { workspaceId: mine.workspace, userId: world.users.ada }
    const right = `${world.cas.root}:issue`
    await chooseWorkspace(flow, mine.workspace)
    const readOnly = { canRead: true, canIssue: false, canRevoke: false }
    await world.authority.changeMemberRights(
      { ...member, rights: { [world.cas.root]: readOnly } },
      operatorCaller,
    )
    expect((await answerPage(flow, [right], mine)).response.status).toBe(400)
    expect(await grantsOf(world)).toEqual([])
  })

  it('from another origin, another browser or another user is not taken', async () => {
    const { world, flow, mine, rights } = await begin()
    const change = { workspace: mine.workspace, right: rights[0] ?? '' }
    expect((await post(flow, change, 'https://evil.example')).response.status).toBe(400)
    expect((await post(flow, change, 'null')).response.status).toBe(400)
    const elsewhere = { ...flow, browser: browserOf(world.handler, world.users.ada) }
    expect((await post(elsewhere, change)).response.status).toBe(400)
    flow.browser.jar.set('user', { path: '/', pair: `user=${world.users.bob}` })
    expect((await post(flow, change)).response.status).toBe(400)
    expect(await grantsOf(world)).toEqual([])
  })

  it('that comes twice at once makes one grant, and both lead to the client', async () => {
    const { world, flow, mine, rights } = await begin()
    const twice = await Promise.all(
      [1, 2].map(() => post(flow, { workspace: mine.workspace, right: rights[0] ?? '' }, issuer, false)),
    )
    expect(twice.map(({ response }) => response.status)).toEqual([303, 303])
    expect(new Set(twice.map(({ location }) => location?.href)).size).toBe(1)
    expect(await grantsOf(world)).toHaveLength(1)
  })

  it('after the answer, as with the back button, finds the request gone, and grants nothing more', async () => {
    const { world, flow, mine, rights } = await begin()
    await answerPage(flow, rights, mine)
    const back = await flow.browser.follow(flow.page.at)
    expect([back.response.status, back.html]).toEqual([400, expect.stringContaining('has been answered')])
    const again = await post(flow, { workspace: mine.workspace, right: rights[0] ?? '' })
    expect(again.response.status).toBe(400)
    expect(await grantsOf(world)).toHaveLength(1)
  })

  it('after a quarter of an hour comes too late', async () => {
    const { world, flow, mine, rights } = await begin()
    vi.setSystemTime(Date.now() + 900_000)
    expect((await post(flow, { workspace: mine.workspace, right: rights[0] ?? '' })).response.status).toBe(
      400,
    )
    expect(await grantsOf(world)).toEqual([])
  })

  it('is asked for every time, and of whoever is signed in then, in the same browser', async () => {
    const { world, flow, mine, rights } = await begin()
    await answerPage(flow, rights, mine)
    const second = { ...flow, page: await flow.browser.follow(flow.url) }
    expect(second.page.html).toContain('Dashboard')
    flow.browser.jar.set('user', { path: '/', pair: `user=${world.users.bob}` })
    const third = { ...flow, page: await flow.browser.follow(flow.url) }
    expect(third.page.html).toContain('bob@example.org')
    expect(outcomeOf(await answerPage(third, [], { decision: 'deny' }))).toBe('access_denied')
  })
})

/** The form without looking at what the page offers. */
async function post(
  { browser, page }: Pick<Flow, 'browser' | 'page'>,
  change: Record<string, string>,
  origin = issuer,
  isFollowed = true,
) {
  const fields = { form_token: hiddenField(page.html, 'form_token'), decision: 'allow', ...change }
  const body = new URLSearchParams(fields).toString()
  const init = { method: 'POST', headers: { ...formHeaders, origin }, body }
  if (isFollowed) return browser.follow(page.at, init)
  const response = await browser.open(page.at, init)
  return { response, location: new URL(response.headers.get('location') ?? issuer) }
}
