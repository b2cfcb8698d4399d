import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { expressHandler } from '@certwright/http/express'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import express from 'express'

/** The REST API below /pki of an Express application. */
export async function start(port = Number(process.env['PORT'] ?? 0)) {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const caller = { principal: operator('example') }
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Example' }, caller)
  const { id: userId } = await authority.createUser({ email: 'you@example.com' }, caller)
  const { id: caId } = await authority.createRoot({ name: 'Example Root', workspaceId }, caller)
  const key = await authority.createApiKey({ workspaceId, userId, name: 'Example', caIds: [caId] }, caller)

  const app = express()
  app.use('/pki', expressHandler(createHandler(authority, { publicUrl: '/pki' })))
  const server = app.listen(port)
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}/pki`
  return { url, caId, apiKey: key.secret, close: () => server.close() }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await start())
