import * as oauth from 'oauth4webapi'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answerPage,
  beginFlow,
  createWorld,
  grantedTokens,
  issuer,
  operatorCaller,
  postForm,
  redirectUri,
  refresh,
  stopClock,
  whoami,
  type World,
} from './setup.js'

/* oauth4webapi judges: it refuses answers that the RFCs do not allow. */

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

/** From the page's form to the tokens, as the judge does it. */
async function exchange(
  world: World,
  client: oauth.Client,
  auth: oauth.ClientAuth,
  flow: Awaited<ReturnType<typeof beginFlow>>,
) {
  const server = await world.discover()
  const { location } = await answerPage(flow, [`${world.cas.issuing}:read`, `${world.cas.issuing}:issue`], {
    workspace: world.workspaces.mine,
  })
  const parameters = oauth.validateAuthResponse(server, client, location as URL, 'a state')
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    auth,
    parameters,
    (client['redirect_uris'] as string[])[0] as string,
    flow.verifier,
    world.options,
  )
  return { server, tokens: await oauth.processAuthorizationCodeResponse(server, client, answer) }
}

describe('a confidential client', () => {
  it('gets a token for an hour, and one to refresh it with, for what its user has ticked', async () => {
    const world = await createWorld()
    const client = { client_id: world.dashboard.client_id, redirect_uris: [redirectUri] }
    const { tokens } = await exchange(
      world,
      client,
      oauth.ClientSecretPost(world.dashboard.client_secret),
      await beginFlow(world),
    )
    expect(tokens.expires_in).toBe(3600)
    expect(tokens.access_token).toMatch(/^cm_oauth_[\w-]{43}$/)
    const { status, json } = await whoami(world, tokens.access_token)
    expect([status, json]).toEqual([
      200,
      {
        user: { id: world.users.ada, email: 'ada@example.org' },
        workspace: expect.objectContaining({ id: world.workspaces.mine }),
        oauthClient: { id: world.dashboard.client_id, name: 'Dashboard' },
        permissions: { [world.cas.issuing]: { canRead: true, canIssue: true, canRevoke: false } },
      },
    ])
  })

  it('may leave resource out, as the documented refresh does, and ask for it with a slash at the end', async () => {
    const world = await createWorld()
    for (const resource of [undefined, `${issuer}/`]) {
      const flow = await beginFlow(world, { resource })
      const client = { client_id: world.dashboard.client_id, redirect_uris: [redirectUri] }
      const { tokens } = await exchange(
        world,
        client,
        oauth.ClientSecretPost(world.dashboard.client_secret),
        flow,
      )
      expect((await whoami(world, tokens.access_token)).status).toBe(200)
    }
  })
})

async function register(world: World, uris: readonly string[]) {
  const server = await world.discover()
  const metadata = {
    client_name: 'A tool',
    redirect_uris: [...uris],
    scope: 'ca',
    grant_types: ['authorization_code', 'refresh_token'],
  }
  const request = await oauth.dynamicClientRegistrationRequest(server, metadata, world.options)
  return oauth.processDynamicClientRegistrationResponse(request)
}

describe('a public client', () => {
  it('registers itself, has no secret, and goes through the whole flow to a rotated refresh token', async () => {
    const world = await createWorld()
    const client = await register(world, [redirectUri])
    expect(client['client_secret']).toBeUndefined()
    const flow = await beginFlow(world, { client_id: client.client_id })
    const { server, tokens } = await exchange(world, client, oauth.None(), flow)
    const request = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      tokens.refresh_token as string,
      world.options,
    )
    const fresh = await oauth.processRefreshTokenResponse(server, client, request)
    expect(fresh.refresh_token).not.toBe(tokens.refresh_token)
    expect((await whoami(world, fresh.access_token)).status).toBe(200)
    const revocation = await oauth.revocationRequest(
      server,
      client,
      oauth.None(),
      fresh.refresh_token as string,
      world.options,
    )
    await oauth.processRevocationResponse(revocation)
    expect((await whoami(world, fresh.access_token)).status).toBe(401)
  })

  it('on a loopback address may listen on any port (RFC 8252 §7.3)', async () => {
    const world = await createWorld()
    const client = await register(world, ['http://127.0.0.1/callback'])
    const redirect = 'http://127.0.0.1:49152/callback'
    const flow = await beginFlow(world, { client_id: client.client_id, redirect_uri: redirect })
    const { location } = await answerPage(flow, [`${world.cas.root}:read`], {
      workspace: world.workspaces.mine,
    })
    expect(location?.href).toMatch(/^http:\/\/127\.0\.0\.1:49152\/callback\?code=cm_code_/)
  })
})

describe('the metadata', () => {
  it('name what there is, and nothing of OpenID Connect', async () => {
    const world = await createWorld()
    const server = await world.discover()
    expect(server).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      registration_endpoint: `${issuer}/oauth/register`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
      revocation_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
      authorization_response_iss_parameter_supported: true,
      protected_resources: [issuer],
      ui_locales_supported: ['en', 'de'],
    })
  })

  it('of a resource are found from a 401 alone (RFC 9728 §5), for each resource', async () => {
    const resources = [issuer, `${issuer}/mcp`]
    const world = await createWorld({ oauth: { resources } })
    const refused = await world.send(`${issuer}/v1/cas`)
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${issuer}/.well-known/oauth-protected-resource"`,
    )
    const invalid = await whoami(world, 'cm_oauth_none')
    expect(invalid.headers.get('www-authenticate')).toContain('error="invalid_token"')
    for (const resource of resources) {
      const url = new URL(resource)
      const response = await oauth.resourceDiscoveryRequest(url, world.options)
      const metadata = await oauth.processResourceDiscoveryResponse(url, response)
      expect(metadata.authorization_servers).toEqual([issuer])
    }
  })
})

describe('a token', () => {
  it('is over after an hour, its refresh token after thirty days without use', async () => {
    const world = await createWorld()
    const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
    vi.setSystemTime(Date.now() + 3600_000)
    expect((await whoami(world, tokens.access_token)).status).toBe(401)
    const fresh = await refresh(world, tokens.refresh_token)
    expect(fresh.status).toBe(200)
    vi.setSystemTime(Date.now() + 30 * 86_400_000)
    const late = await refresh(world, fresh.json.refresh_token)
    expect([late.status, late.json.error]).toEqual([400, 'invalid_grant'])
  })

  it('says no more than its user may do now, and nothing once they have left', async () => {
    const world = await createWorld()
    const { authority, workspaces, users, cas } = world
    const tokens = await grantedTokens(world, [`${cas.root}:read`, `${cas.root}:issue`])
    const member = { workspaceId: workspaces.mine, userId: users.ada }
    const readOnly = { canRead: true, canIssue: false, canRevoke: false }
    await authority.changeMemberRights({ ...member, rights: { [cas.root]: readOnly } }, operatorCaller)
    expect((await whoami(world, tokens.access_token)).json['permissions']).toEqual({ [cas.root]: readOnly })
    await authority.removeMember(member, operatorCaller)
    expect((await whoami(world, tokens.access_token)).status).toBe(401)
    expect((await refresh(world, tokens.refresh_token)).json.error).toBe('invalid_grant')
  })

  it('that the client revokes is dead at once, with all that came of its grant', async () => {
    const world = await createWorld()
    const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
    const revoked = await postForm(world, '/oauth/revoke', { ...world.dashboard, token: tokens.access_token })
    expect(revoked.status).toBe(200)
    expect((await whoami(world, tokens.access_token)).status).toBe(401)
    expect((await refresh(world, tokens.refresh_token)).json.error).toBe('invalid_grant')
  })
})
