import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { csr } from '../contract/csr.js'
import { newFolder, serveJson, start } from '../cli/running-command.js'

/* `certwright mcp` as an agent's host starts it: the official client spawns the built command. */

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const clients = new Set<Client>()

afterEach(async () => {
  for (const client of clients) await client.close()
  clients.clear()
})

async function connectCommand(cwd: string, env: Readonly<Record<string, string>> = {}) {
  const client = new Client({ name: 'tests', version: '1' })
  const stderr = 'ignore'
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [main, 'mcp'],
      cwd,
      env: { ...env },
      stderr,
    }),
  )
  clients.add(client)
  return client
}

it('uses the store of a running server, with the key of its demonstration, and the server sees what it issues', async () => {
  const cwd = newFolder()
  const { ready } = await serveJson([], { cwd })
  const client = await connectCommand(cwd)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toContain('revoke_certificate')
  const issued = await client.callTool({
    name: 'issue_from_csr',
    arguments: { caId: ready['issuingCaId'], csrPem: csr({ commonName: 'agent.example.com' }) },
  })
  expect(issued.isError ?? false).toBe(false)
  const response = await fetch(`${ready['url']}/v1/certificates?search=agent.`, {
    headers: { authorization: `Bearer ${ready['apiKey']}` },
  })
  expect(await response.json()).toMatchObject({ total: 1 })
})

it('refuses a key that is none, before it says that it is ready', async () => {
  const cwd = newFolder()
  const server = await serveJson([], { cwd })
  server.child.kill('SIGTERM')
  await server.ended
  const { ended } = start(['mcp'], { cwd, env: { CERTWRIGHT_API_KEY: `cm_${'x'.repeat(43)}` } })
  const { code, stdout, stderr } = await ended
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/credential is not valid/)
  expect(stderr).not.toContain('xxx')
})

it('says what to do where there is no store, and where there is no key', async () => {
  const cwd = newFolder()
  const withoutKey = await start(['mcp'], { cwd }).ended
  expect([withoutKey.code, withoutKey.stderr]).toEqual([2, expect.stringMatching(/set CERTWRIGHT_API_KEY/)])
  const withoutStore = await start(['mcp'], { cwd, env: { CERTWRIGHT_API_KEY: 'cm_x' } }).ended
  expect([withoutStore.code, withoutStore.stderr]).toEqual([1, expect.stringMatching(/there is no store/)])
})
