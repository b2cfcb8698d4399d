import { beforeAll, describe, expect, it } from 'vitest'
import { createPki, type Pki } from './setup.js'

/* What the API document says of keys: bound to CAs, all rights on the free plan, chosen ones on the pro plan. */

let pki: Pki
let userId: string
beforeAll(async () => {
  pki = await createPki()
  userId = (await pki.authority.createUser({ email: 'another@example.com' }, pki.operator)).id
})

const createKey = (workspaceId: string, grants: object) =>
  pki.authority.createApiKey({ workspaceId, userId, name: 'key', ...grants }, pki.operator)

const readOnly = { canRead: true, canIssue: false, canRevoke: false }

async function permissionsOf(key: string): Promise<unknown> {
  // The cast: documented-answers.test.ts holds whoami to its shape.
  return (JSON.parse((await pki.call('GET', '/v1/whoami', { key })).text) as { permissions: unknown })
    .permissions
}

it('the key is shown once, begins with cm_, and whoami shows only its beginning', async () => {
  const { secret, apiKey } = await createKey(pki.cas.workspaceId, { caIds: [pki.cas.issuing] })
  expect(secret).toMatch(/^cm_[\w-]{43}$/)
  expect(secret.startsWith(apiKey.prefix)).toBe(true)
  expect(apiKey.prefix.length).toBeLessThan(10)
  expect((await pki.call('GET', '/v1/whoami', { key: secret })).text).not.toContain(secret)
})

it('on the free plan a key has all three rights on each of its CAs', async () => {
  const { foreignWorkspaceId, foreign } = pki.cas
  const { secret } = await createKey(foreignWorkspaceId, { caIds: [foreign] })
  expect(await permissionsOf(secret)).toEqual({
    [foreign]: { canRead: true, canIssue: true, canRevoke: true },
  })
})

it('on the pro plan each CA has rights of its own', async () => {
  const { workspaceId, issuing, root } = pki.cas
  const grants = { [root]: readOnly, [issuing]: { ...readOnly, canIssue: true } }
  const { secret: key } = await createKey(workspaceId, { grants })
  expect(await permissionsOf(key)).toEqual(grants)
  const issue = (caId: string) => pki.call('POST', '/v1/certificates', { key, body: pki.managed({ caId }) })
  expect([(await issue(issuing)).status, (await issue(root)).status]).toEqual([200, 403])
})

describe('a key is refused', () => {
  it.each([
    ['without a CA', 'invalid_request', () => createKey(pki.cas.workspaceId, {})],
    ['with an empty list of CAs', 'invalid_request', () => createKey(pki.cas.workspaceId, { caIds: [] })],
    [
      'with a CA and no right on it',
      'invalid_request',
      () => createKey(pki.cas.workspaceId, { grants: { [pki.cas.root]: { ...readOnly, canRead: false } } }),
    ],
    [
      'with chosen rights on the free plan',
      'plan_refused',
      () => createKey(pki.cas.foreignWorkspaceId, { grants: { [pki.cas.foreign]: readOnly } }),
    ],
    [
      'with a CA of another workspace',
      'ca_not_found',
      () => createKey(pki.cas.workspaceId, { caIds: [pki.cas.foreign] }),
    ],
  ])('%s', async (_case, code, create) => {
    const before = await pki.snapshot()
    await expect(create()).rejects.toMatchObject({ code })
    expect(await pki.snapshot()).toEqual(before)
  })
})

it('the holder of a key cannot make CAs, keys or users', async () => {
  const caller = { principal: await pki.authority.authenticate(pki.keys.full.secret) }
  const { authority, cas } = pki
  const refused = { code: 'permission_denied' }
  await expect(
    authority.createRoot({ name: 'Own', workspaceId: cas.workspaceId }, caller),
  ).rejects.toMatchObject(refused)
  await expect(
    authority.createIntermediate({ name: 'Own', parentCaId: cas.root }, caller),
  ).rejects.toMatchObject(refused)
  await expect(authority.revokeCa({ caId: cas.root }, caller)).rejects.toMatchObject(refused)
  await expect(authority.createUser({ email: 'own@example.com' }, caller)).rejects.toMatchObject(refused)
  const key = { workspaceId: cas.workspaceId, userId, name: 'own', caIds: [cas.root] }
  await expect(authority.createApiKey(key, caller)).rejects.toMatchObject(refused)
})

it('explain says which grant decided', async () => {
  const caller = { principal: await pki.authority.authenticate(pki.keys.readOnly.secret) }
  const ask = (action: 'read' | 'issue', caId: string) => pki.authority.explain({ action, caId }, caller)
  expect(await ask('read', pki.cas.issuing)).toMatchObject({ allowed: true, rule: 'grant', rights: readOnly })
  expect(await ask('issue', pki.cas.issuing)).toMatchObject({
    allowed: false,
    visible: true,
    rule: 'grant_lacks_right',
  })
  expect(await ask('read', pki.cas.foreign)).toMatchObject({
    allowed: false,
    visible: false,
    rule: 'no_grant',
  })
})
