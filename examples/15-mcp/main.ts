import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { mcpExtension } from '@certwright/mcp'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** An agent with a key that can only read finds what is about to expire, and is refused when it tries to revoke. */
export async function main() {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const caller = { principal: operator('example') }
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Example', plan: 'pro' }, caller)
  const { id: userId } = await authority.createUser({ email: 'you@example.com' }, caller)
  const { id: caId } = await authority.createRoot({ name: 'Example Root', workspaceId }, caller)
  await authority.issue({ caId, commonName: 'db.example.org', validityDays: 7 }, caller)
  const grants = { [caId]: { canRead: true, canIssue: false, canRevoke: false } }
  const { secret } = await authority.createApiKey({ workspaceId, userId, name: 'Agent', grants }, caller)
  const handler = createHandler(authority, { extensions: [mcpExtension()] })

  const client = new Client({ name: 'example', version: '1' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL('http://pki.example/mcp'), {
      fetch: (url, init) => handler(new Request(url, init)), // over the network: leave it out
      requestInit: { headers: { authorization: `Bearer ${secret}` } },
    }),
  )
  const search = { name: 'search_certificates', arguments: { expiringInDays: 14 } }
  const { certificates } = (await client.callTool(search)).structuredContent as {
    certificates: { id: string; commonName: string; status: string }[]
  }
  const revoke = { name: 'revoke_certificate', arguments: { certificateId: certificates[0]?.id } }
  const refusal = await client.callTool(revoke)
  await client.close()
  return { expiring: certificates.map(({ commonName }) => commonName), refusal: refusal.structuredContent }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await main())
