import { mcpExtension } from '@certwright/mcp'
import {
  Client,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { expect, it } from 'vitest'
import { answerPage, browserOf, createWorld, issuer } from './setup.js'

/* The official client of the protocol finds the way by itself: 401, metadata, registration, PKCE, consent, token, refresh. */

const resource = `${issuer}/mcp`
const callback = 'http://127.0.0.1:39999/callback'

async function agentOf(world: Awaited<ReturnType<typeof createMcpWorld>>) {
  const kept: { client?: never; tokens?: never; verifier?: string; asked?: URL } = {}
  const authProvider: OAuthClientProvider = {
    redirectUrl: callback,
    clientMetadata: { client_name: 'An agent', redirect_uris: [callback] },
    clientInformation: () => kept.client,
    saveClientInformation: (client) => void (kept.client = client as never),
    tokens: () => kept.tokens,
    saveTokens: (tokens) => void (kept.tokens = tokens as never),
    redirectToAuthorization: (url) => void (kept.asked = url),
    saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier ?? '',
    state: () => 'agent',
  }
  const transport = () =>
    new StreamableHTTPClientTransport(new URL(resource), {
      authProvider,
      fetch: (url, init) => world.send(String(url), init),
    })
  const connected = async (over = transport()) => {
    const client = new Client({ name: 'agent', version: '1' })
    await client.connect(over)
    return client
  }
  return { kept, transport, connected }
}

const createMcpWorld = () =>
  createWorld({ oauth: { resources: [issuer, resource] }, extensions: () => [mcpExtension()] })

it('an agent gets what its user grants it, keeps it over a refresh, and loses it when the grant is revoked', async () => {
  const world = await createMcpWorld()
  const { kept, transport, connected } = await agentOf(world)

  const first = transport()
  await expect(connected(first)).rejects.toBeInstanceOf(UnauthorizedError)
  expect(kept.asked?.searchParams.get('resource')).toBe(resource)
  const browser = browserOf(world.handler, world.users.ada)
  const page = await browser.follow(kept.asked?.href ?? '')
  expect(page.html).toContain('An agent')
  const workspace = world.workspaces.mine
  const { location } = await answerPage({ browser, page }, [`${world.cas.root}:read`], { workspace })
  const { searchParams } = location ?? expect.unreachable('the browser was not sent back')
  await first.finishAuth(searchParams.get('code') ?? '', searchParams.get('iss') ?? undefined)

  const client = await connected()
  const { structuredContent } = await client.callTool({ name: 'list_cas', arguments: {} })
  expect(structuredContent).toMatchObject({ cas: [{ id: world.cas.root }] })
  const refused = await client.callTool({
    name: 'issue_from_csr',
    arguments: { caId: world.cas.root, csrPem: 'a CSR' },
  })
  expect(refused.structuredContent).toMatchObject({ error: { code: 'permission_denied' } })
  await client.close()

  const before = kept.tokens as { access_token: string; refresh_token: string } | undefined
  kept.tokens = { ...(before as object), access_token: 'cm_oauth_expired' } as never
  const again = await connected()
  const { structuredContent: whoami } = await again.callTool({ name: 'whoami', arguments: {} })
  expect(whoami).toMatchObject({ user: { email: 'ada@example.org' }, oauthClient: { name: 'An agent' } })
  expect((kept.tokens as typeof before)?.refresh_token).not.toBe(before?.refresh_token)

  const caller = {
    principal: await world.authority.authenticate((kept.tokens as typeof before)?.access_token ?? ''),
  }
  await world.authority.revokeGrant({ grantId: caller.principal.id }, caller)
  await expect(again.callTool({ name: 'whoami', arguments: {} })).rejects.toBeInstanceOf(Error)
  await again.close()
})
