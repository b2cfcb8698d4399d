import { expect, it } from 'vitest'
import { createWorld, grantedTokens, issuer, operatorCaller, whoami } from './setup.js'

/* A user's own grants over the REST API, with both kinds of credentials. */

async function begin() {
  const world = await createWorld()
  const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
  const { mine: workspaceId } = world.workspaces
  const keyOf = async (userId: string) => {
    const request = { workspaceId, userId, name: 'Key', caIds: [world.cas.root] }
    return (await world.authority.createApiKey(request, operatorCaller)).secret
  }
  const call = async (credential: string, method: string, path: string) => {
    const headers = { authorization: `Bearer ${credential}` }
    const response = await world.send(`${issuer}${path}`, { method, headers })
    return { status: response.status, json: (await response.json()) as Record<string, never> }
  }
  return { world, token: tokens.access_token, keyOf, call }
}

it('a key lists and revokes the grants of its user, whose tokens stop at once', async () => {
  const { world, token, keyOf, call } = await begin()
  const key = await keyOf(world.users.ada)
  const { json } = await call(key, 'GET', '/v1/oauth/grants')
  expect(json).toMatchObject({
    grants: [
      {
        client_name: 'Dashboard',
        permissions: { [world.cas.root]: { canRead: true, canIssue: false, canRevoke: false } },
        revoked_at: null,
      },
    ],
    total: 1,
    page: 1,
    pageSize: 20,
    totalPages: 1,
  })
  const [{ id }] = json['grants'] as unknown as [{ id: string }]
  const revoked = await call(key, 'POST', `/v1/oauth/grants/${id}/revoke`)
  expect([revoked.status, revoked.json]).toMatchObject([
    200,
    { grant: { id, revoked_at: expect.any(String) } },
  ])
  expect((await whoami(world, token)).status).toBe(401)
  expect((await call(key, 'POST', `/v1/oauth/grants/${id}/revoke`)).status).toBe(409)
})

it('nobody sees the grants of another user, and a token sees its own alone', async () => {
  const { world, token, keyOf, call } = await begin()
  const other = await grantedTokens(world, [`${world.cas.issuing}:read`])
  const own = await call(token, 'GET', '/v1/oauth/grants')
  expect(own.json).toMatchObject({ total: 1 })
  const [{ id }] = own.json['grants'] as unknown as [{ id: string }]
  const bob = await keyOf(world.users.bob)
  expect((await call(bob, 'GET', '/v1/oauth/grants')).json).toMatchObject({ grants: [], total: 0 })
  for (const stranger of [bob, other.access_token]) {
    const { status, json } = await call(stranger, 'POST', `/v1/oauth/grants/${id}/revoke`)
    const absent = await call(stranger, 'POST', '/v1/oauth/grants/none/revoke')
    expect([status, JSON.stringify(json).replace(id, 'none')]).toEqual([404, JSON.stringify(absent.json)])
  }
  expect((await whoami(world, token)).status).toBe(200)
})
