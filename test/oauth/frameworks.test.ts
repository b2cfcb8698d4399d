import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expressHandler } from '@certwright/http/express'
import { fastifyPlugin } from '@certwright/http/fastify'
import { nodeListener } from '@certwright/http/node'
import express from 'express'
import fastify from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { createWorld, grantedTokens, issuer, operatorCaller, type World } from './setup.js'

/* curl, as the documented API shows it, with an API key and with a token, and the forms of OAuth, behind each server. */

const run = promisify(execFile)
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  // The cast: a server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const servers: readonly [string, (world: World) => Promise<string>][] = [
  ['node:http', ({ handler }) => listening(createServer(nodeListener(handler)))],
  [
    'Express with its body parsers before us',
    ({ handler }) => {
      const app = express()
      app.use(express.json(), express.urlencoded({ extended: true }), expressHandler(handler))
      return listening(createServer(app))
    },
  ],
  [
    'Fastify',
    async ({ handler }) => {
      const app = fastify()
      await app.register(fastifyPlugin(handler))
      closing.push(() => app.close())
      return app.listen({ port: 0, host: '127.0.0.1' })
    },
  ],
]

async function curl(args: readonly string[]) {
  const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code}', ...args])
  const [status = '', ...body] = stdout.split('\n').reverse()
  return { status: Number(status), json: JSON.parse(body.reverse().join('\n')) as Record<string, unknown> }
}

it.each(servers)('behind %s', async (_name, serve) => {
  const world = await createWorld()
  const { authority, cas, workspaces, users } = world
  const url = await serve(world)
  const rights = ['read', 'issue', 'revoke'].map((right) => `${cas.issuing}:${right}`)
  const tokens = await grantedTokens(world, rights)
  const key = await authority.createApiKey(
    { workspaceId: workspaces.mine, userId: users.ada, name: 'Key', caIds: [cas.issuing] },
    operatorCaller,
  )
  const form = {
    ...world.dashboard,
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
    resource: `${issuer}/`,
  }
  const fields = Object.entries(form).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`])
  const refreshed = await curl([...fields, `${url}/oauth/token`])
  expect(refreshed.status).toBe(200)

  for (const credential of [key.secret, tokens.access_token, String(refreshed.json['access_token'])]) {
    const authorization = ['-H', `Authorization: Bearer ${credential}`]
    const json = ['-H', 'Content-Type: application/json']
    const body = JSON.stringify({ caId: cas.issuing, commonName: 'api.example.com' })
    const issued = await curl([...authorization, ...json, '-d', body, `${url}/v1/certificates`])
    expect(issued.status).toBe(200)
    const { id } = issued.json['certificate'] as { id: string }
    const certificate = `${url}/v1/certificates/${id}`
    const lines: readonly (readonly string[])[] = [
      [`${url}/v1/whoami`],
      [`${url}/v1/cas`],
      [`${url}/v1/cas/${cas.issuing}`],
      [`${url}/v1/cas/${cas.issuing}/chain`],
      [`${url}/v1/certificates?status=active`],
      [certificate],
      [...json, '-X', 'POST', '-d', '{"validityDays":30}', `${certificate}/renew`],
      [...json, '-X', 'POST', '-d', '{"reason":"superseded"}', `${certificate}/revoke`],
    ]
    for (const line of lines)
      expect([line, (await curl([...authorization, ...line])).status]).toEqual([line, 200])
  }
})
