import * as oauth from 'oauth4webapi'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  answerPage,
  beginFlow,
  createWorld,
  issuer as origin,
  redirectUri,
  refresh,
  stopClock,
  whoami,
} from './setup.js'

/* A host that has more on its origin gives the handler, and so the issuer, a path: RFC 8414 §3.1, RFC 9728 §3.1. */

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

const issuer = `${origin}/pki`
const createBelowPath = () => createWorld({ oauth: { issuer }, handler: { basePath: '/pki' } })

it('the metadata lie between the origin and the path, and the issuer is the one that was asked for', async () => {
  const world = await createBelowPath()
  const server = await world.discover()
  expect(server).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
  const refused = await world.send(`${issuer}/v1/cas`)
  expect(refused.headers.get('www-authenticate')).toBe(
    `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/pki"`,
  )
  const resource = await oauth.processResourceDiscoveryResponse(
    new URL(issuer),
    await oauth.resourceDiscoveryRequest(new URL(issuer), world.options),
  )
  expect(resource.authorization_servers).toEqual([issuer])
})

it('a client that registers itself there gets tokens, refreshes them and revokes them', async () => {
  const world = await createBelowPath()
  const server = await world.discover()
  const registration = await oauth.dynamicClientRegistrationRequest(
    server,
    { client_name: 'A tool', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
    world.options,
  )
  const client = await oauth.processDynamicClientRegistrationResponse(registration)
  const flow = await beginFlow(world, { client_id: client.client_id })
  const { location } = await answerPage(flow, [`${world.cas.root}:read`], {
    workspace: world.workspaces.mine,
  })
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    oauth.validateAuthResponse(server, client, location as URL, 'a state'),
    redirectUri,
    flow.verifier,
    world.options,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer)
  expect((await whoami(world, tokens.access_token)).status).toBe(200)
  const renewed = await oauth.processRefreshTokenResponse(
    server,
    client,
    await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      tokens.refresh_token ?? '',
      world.options,
    ),
  )
  expect((await whoami(world, renewed.access_token)).status).toBe(200)
  const revocation = await oauth.revocationRequest(
    server,
    client,
    oauth.None(),
    renewed.refresh_token ?? '',
    world.options,
  )
  await oauth.processRevocationResponse(revocation)
  expect((await whoami(world, renewed.access_token)).status).toBe(401)
})

it('its cookies go to its own path, and to nothing else of the origin', async () => {
  const { browser } = await beginFlow(await createBelowPath())
  const own = [...browser.jar.values()].filter(({ pair }) => !pair.startsWith('user='))
  expect(own.length).toBeGreaterThan(0)
  for (const { path } of own) expect(path).toMatch(/^\/pki\//)
})

it('its refresh tokens are of no use at the issuer without the path', async () => {
  const below = await createBelowPath()
  const flow = await beginFlow(below)
  const { location } = await answerPage(flow, [`${below.cas.root}:read`], {
    workspace: below.workspaces.mine,
  })
  expect(location?.searchParams.get('iss')).toBe(issuer)
  const { status } = await refresh({ ...below, issuer: origin }, 'cm_refresh_none')
  expect(status).toBe(404)
})
