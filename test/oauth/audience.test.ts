import { secretHashOf } from '@certwright/core'
import { mcpExtension } from '@certwright/mcp'
import { expect, it } from 'vitest'
import { createWorld, grantedTokens, issuer, operatorCaller, refresh, type World, whoami } from './setup.js'

/* A token is for one resource (RFC 8707 §2): a server that took others' could be handed those of a confused client. */

const mcp = `${issuer}/mcp`

const createTwoResources = () =>
  createWorld({ oauth: { resources: [issuer, mcp] }, extensions: () => [mcpExtension()] })

/** Begins a session, as every agent does. */
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}

async function callMcp(world: World, credential: string): Promise<Response> {
  const headers = {
    authorization: `Bearer ${credential}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  return world.send(mcp, { method: 'POST', headers, body: JSON.stringify(initialize) })
}

it('a token for the API is refused by /mcp, with the way to one that is not', async () => {
  const world = await createTwoResources()
  const { access_token } = await grantedTokens(world, [`${world.cas.root}:read`])
  expect((await whoami(world, access_token)).status).toBe(200)
  const refused = await callMcp(world, access_token)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe(
    `Bearer error="invalid_token", resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
  )
})

it('a token for /mcp is refused by the API, also after it was refreshed', async () => {
  const world = await createTwoResources()
  const tokens = await grantedTokens(world, [`${world.cas.root}:read`], { resource: mcp })
  const fresh = (await refresh(world, tokens.refresh_token)).json
  for (const credential of [tokens.access_token, fresh.access_token]) {
    expect((await callMcp(world, credential)).status).toBe(200)
    const { status, headers, json } = await whoami(world, credential)
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain(`${issuer}/.well-known/oauth-protected-resource"`)
    expect(json).toEqual({ error: 'Cannot authenticate: the token is for another resource' })
  }
})

it('an API key is for both', async () => {
  const world = await createTwoResources()
  const request = {
    workspaceId: world.workspaces.mine,
    userId: world.users.ada,
    name: 'Key',
    caIds: [world.cas.root],
  }
  const { secret } = await world.authority.createApiKey(request, operatorCaller)
  expect([(await whoami(world, secret)).status, (await callMcp(world, secret)).status]).toEqual([200, 200])
})

it('where the host names one resource, a token for it is for all that lies below', async () => {
  const world = await createWorld({ extensions: () => [mcpExtension()] })
  const { access_token } = await grantedTokens(world, [`${world.cas.root}:read`])
  expect([(await whoami(world, access_token)).status, (await callMcp(world, access_token)).status]).toEqual([
    200, 200,
  ])
})

it('a token of which nobody wrote down what it is for is for nothing', async () => {
  const world = await createWorld()
  const { access_token } = await grantedTokens(world, [`${world.cas.root}:read`])
  await world.storage.transaction(async (tx) => {
    const token = await tx.findOAuthArtifact('AccessToken', secretHashOf(access_token))
    if (token === undefined) throw new Error('the token is not kept')
    const { aud: _, ...payload } = JSON.parse(token.payload) as Record<string, unknown>
    await tx.putOAuthArtifact({ ...token, payload: JSON.stringify(payload) })
  })
  expect((await whoami(world, access_token)).status).toBe(401)
})
