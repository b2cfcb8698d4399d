import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveJson } from '../cli/running-command.js'
import { missingPostgres, type PostgresServer, startPostgres } from '../storage/postgres-server.js'
import {
  createWorld,
  formHeaders,
  grantedTokens,
  issuer,
  operatorCaller,
  type TokenFields,
  type World,
} from './setup.js'

/*
 * One Postgres, and three processes over it: this one, in which users decide, and two of the built command, which clients
 * reach under the same issuer.
 */

const missing = missingPostgres()

const whoami = (url: string, credential: string): Promise<Response> =>
  fetch(`${url}/v1/whoami`, { headers: { authorization: `Bearer ${credential}` } })

const statusesOf = (urls: readonly string[], credential: string): Promise<readonly number[]> =>
  Promise.all(urls.map(async (url) => (await whoami(url, credential)).status))

describe.skipIf(missing !== undefined)(
  `several processes over one Postgres${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: PostgresServer
    let pool: pg.Pool
    let world: World
    /** Where the commands have the key that seals their CA keys. */
    const keys = mkdtempSync(join(tmpdir(), 'certwright-processes-'))
    beforeAll(async () => {
      server = await startPostgres()
      pool = new pg.Pool({ connectionString: server.url, max: 8 })
      pool.on('error', () => undefined)
      await migrate(fromPool(pool))
      // The command signs its demonstration user in, and so serves OAuth, where it has made one: in an empty database.
      const first = await serveJson(['--database', server.url], { cwd: keys })
      first.child.kill('SIGTERM')
      await first.ended
      world = await createWorld({ storage: postgresStorage(fromPool(pool)) })
    }, 120_000)
    afterAll(async () => {
      await pool.end()
      await server.stop()
      rmSync(keys, { recursive: true })
    })

    /** @returns the URLs of two commands that serve the same database */
    async function serveTwice(...flags: readonly string[]): Promise<readonly [string, string]> {
      const args = ['--database', server.url, '--oauth-issuer', issuer, ...flags]
      const first = await serveJson(args, { cwd: keys })
      const second = await serveJson(args, { cwd: keys })
      return [first.ready['url'] ?? '', second.ready['url'] ?? '']
    }

    async function postForm(url: string, path: string, fields: Readonly<Record<string, string>>) {
      const body = new URLSearchParams({ ...world.dashboard, ...fields }).toString()
      const response = await fetch(`${url}${path}`, { method: 'POST', headers: formHeaders, body })
      const text = await response.text()
      return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as TokenFields }
    }

    it('what one has issued another refreshes, and what a third takes back is over in all', async () => {
      const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
      const urls = await serveTwice()
      expect(await statusesOf(urls, tokens.access_token)).toEqual([200, 200])
      const request = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      const refreshed = await postForm(urls[0], '/oauth/token', request)
      expect(refreshed.status).toBe(200)
      expect(await statusesOf(urls, refreshed.json.access_token)).toEqual([200, 200])

      const response = await whoami(urls[1], refreshed.json.access_token)
      expect(await response.json()).toMatchObject({ user: { id: world.users.ada } })
      const revoked = await postForm(urls[1], '/oauth/revoke', { token: refreshed.json.refresh_token })
      expect(revoked.status).toBe(200)
      expect(await statusesOf(urls, refreshed.json.access_token)).toEqual([401, 401])
      const late = await postForm(urls[0], '/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: refreshed.json.refresh_token,
      })
      expect([late.status, late.json.error]).toEqual([400, 'invalid_grant'])
    }, 60_000)

    it('a key that is revoked in one, and a right that is lost, count in the others at once', async () => {
      const { workspaces, users, cas, authority } = world
      const wish = { workspaceId: workspaces.mine, userId: users.ada, name: 'Key', caIds: [cas.root] }
      const { apiKey, secret } = await authority.createApiKey(wish, operatorCaller)
      const tokens = await grantedTokens(world, [`${cas.root}:read`, `${cas.root}:issue`])
      const urls = await serveTwice()
      expect(await statusesOf(urls, secret)).toEqual([200, 200])
      await authority.revokeApiKey({ apiKeyId: apiKey.id }, operatorCaller)
      expect(await statusesOf(urls, secret)).toEqual([401, 401])

      const readOnly = { canRead: true, canIssue: false, canRevoke: false }
      const member = { workspaceId: workspaces.mine, userId: users.ada }
      await authority.changeMemberRights({ ...member, rights: { [cas.root]: readOnly } }, operatorCaller)
      for (const url of urls) {
        const { permissions } = (await (await whoami(url, tokens.access_token)).json()) as {
          readonly permissions: object
        }
        expect(permissions).toEqual({ [cas.root]: readOnly })
      }
      await authority.changeMemberRights({ ...member, rights: 'all' }, operatorCaller)
    }, 60_000)

    it('a credential has one limit in all of them', async () => {
      const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
      const [one, two] = await serveTwice('--request-limit', '4')
      const statuses: number[] = []
      for (const url of [one, two, one, two, one, two]) {
        statuses.push((await whoami(url, tokens.access_token)).status)
      }
      expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
    }, 60_000)
  },
)
