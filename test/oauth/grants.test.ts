import { expect, it } from 'vitest'
import { createWorld, grantedTokens, issuer, operatorCaller, whoami } from './setup.js'

/* A user's own grants and clients over the REST API, with both kinds of credentials. */

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

it('a key lists and deletes the clients of its user, whose grants end with them', async () => {
  const { world, token, keyOf, call } = await begin()
  const key = await keyOf(world.users.ada)
  const { json } = await call(key, 'GET', '/v1/oauth/clients')
  expect(json).toMatchObject({
    clients: [{ client_name: 'Dashboard', workspace_id: world.workspaces.mine }],
    total: 1,
    totalPages: 1,
  })
  expect(JSON.stringify(json)).not.toMatch(/secret/i)
  const [{ client_id: id }] = json['clients'] as unknown as [{ client_id: string }]
  const deleted = await call(key, 'POST', `/v1/oauth/clients/${id}/delete`)
  expect([deleted.status, deleted.json]).toMatchObject([
    200,
    { revoked_grants: 1, client: { client_id: id } },
  ])
  expect((await whoami(world, token)).status).toBe(401)
  expect((await call(key, 'GET', '/v1/oauth/clients')).json).toMatchObject({ clients: [], total: 0 })
})

it('nobody sees or deletes the clients of another user, and a token none at all', async () => {
  const { world, token, keyOf, call } = await begin()
  const ada = await call(await keyOf(world.users.ada), 'GET', '/v1/oauth/clients')
  const [{ client_id: id }] = ada.json['clients'] as unknown as [{ client_id: string }]
  const bob = await keyOf(world.users.bob)
  expect((await call(bob, 'GET', '/v1/oauth/clients')).json).toMatchObject({ clients: [], total: 0 })
  const { status, json } = await call(bob, 'POST', `/v1/oauth/clients/${id}/delete`)
  const absent = await call(bob, 'POST', '/v1/oauth/clients/none/delete')
  expect([status, JSON.stringify(json).replaceAll(id, 'none')]).toEqual([404, JSON.stringify(absent.json)])
  expect((await call(token, 'GET', '/v1/oauth/clients')).status).toBe(403)
  expect((await call(token, 'POST', `/v1/oauth/clients/${id}/delete`)).status).toBe(403)
  expect((await whoami(world, token)).status).toBe(200)
})
