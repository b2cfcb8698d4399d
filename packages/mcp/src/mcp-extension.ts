import type { Caller } from '@certwright/core'
import type { GuardedVisit, HandlerExtension } from '@certwright/http'
import type { ServedTools } from './create-server.js'
import { ToolRefusal } from './tool-refusal.js'
import { offeredTools } from './tools/offered-tools.js'

export interface McpOptions {
  /** Offer the tools that make a key pair and return the private key to the agent. Default: false. */
  readonly allowPrivateKeys?: boolean
  /** Gets what went wrong on our side; the agent learns a sentence. Never a credential. */
  readonly onFailure?: (error: unknown) => void
}

/** Below the handler's base path. */
export const mcpPath = '/mcp'

/** Serves one request as one session. */
type Serve = (request: Request, session: ServedTools) => Promise<Response>

/**
 * An MCP server (streamable HTTP, without sessions) at `/mcp` of the REST API's handler, with the credentials, rights and
 * limits of that. What serves it is loaded with the first request.
 */
export function mcpExtension(options: McpOptions = {}): HandlerExtension {
  const { allowPrivateKeys = false, onFailure = () => undefined } = options
  const tools = offeredTools(allowPrivateKeys)
  let loading: Promise<Serve> | undefined
  return {
    endpoints: [
      {
        method: 'POST',
        path: mcpPath,
        access: 'general',
        async serve(visit: GuardedVisit, caller: Caller) {
          const body = new Uint8Array(await visit.readBody())
          const { url, headers } = visit.request
          const serve = await (loading ??= load(onFailure))
          return serve(new Request(url, { method: 'POST', headers, body }), {
            tools,
            call: { authority: visit.authority, caller, now: visit.now },
            admit: ({ effect }) => (effect === 'change' ? countIssuance(visit) : Promise.resolve()),
            onFailure,
          })
        },
      },
    ],
  }
}

/** Revoking counts as issuing does: an agent that runs wild is slowed down early. */
async function countIssuance(visit: GuardedVisit): Promise<void> {
  try {
    await visit.countIssuance()
  } catch (error) {
    throw new ToolRefusal(
      'rate_limited',
      error instanceof Error ? error.message : 'Cannot take more calls now',
    )
  }
}

/** The one key that a session travels under, from our endpoint to the factory. */
const sessionKey = 'session'

async function load(onerror: (error: Error) => void): Promise<Serve> {
  const [{ createMcpHandler }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('./create-server.js'),
  ])
  const handler = createMcpHandler(
    ({ authInfo }) => createMcpServer(authInfo?.extra?.[sessionKey] as ServedTools),
    { onerror },
  )
  // Who may come has been decided before; the fields besides are what the type asks for, and nobody reads them.
  return (request, session) =>
    handler.fetch(request, {
      authInfo: { token: '', clientId: '', scopes: [], extra: { [sessionKey]: session } },
    })
}
