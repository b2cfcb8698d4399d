import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import { memoryCustody, memoryStorage } from '@certwright/memory'

/** A root CA, an API key for it, and the REST API. */
export async function start(port = Number(process.env['PORT'] ?? 0)) {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const caller = { principal: operator('example') }
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Example' }, caller)
  const { id: userId } = await authority.createUser({ email: 'you@example.com' }, caller)
  const { id: caId } = await authority.createRoot({ name: 'Example Root', workspaceId }, caller)
  const key = await authority.createApiKey({ workspaceId, userId, name: 'Example', caIds: [caId] }, caller)

  const server = createServer(nodeListener(createHandler(authority)))
  await new Promise<void>((resolve) => server.listen(port, resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return { url, caId, apiKey: key.secret, close: () => server.close() }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await start())
