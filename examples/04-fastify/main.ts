import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { fastifyPlugin } from '@certwright/http/fastify'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import fastify from 'fastify'

/** The REST API below /pki of a Fastify application. */
export async function start(port = Number(process.env['PORT'] ?? 0)) {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const caller = { principal: operator('example') }
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Example' }, caller)
  const { id: userId } = await authority.createUser({ email: 'you@example.com' }, caller)
  const { id: caId } = await authority.createRoot({ name: 'Example Root', workspaceId }, caller)
  const key = await authority.createApiKey({ workspaceId, userId, name: 'Example', caIds: [caId] }, caller)

  const app = fastify()
  await app.register(fastifyPlugin(createHandler(authority, { basePath: '/pki' })), { prefix: '/pki' })
  const url = `${await app.listen({ port })}/pki`
  return { url, caId, apiKey: key.secret, close: () => app.close() }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await start())
