import type { Authority, Principal } from '@certwright/core'
import { offeredTools } from './tools/offered-tools.js'

export interface StdioOptions {
  /** Offer the tools that make a key pair and return the private key to the agent. Default: false. */
  readonly allowPrivateKeys?: boolean
  /** Asked before each call, so that a key that is revoked stops working. */
  readonly authenticate: () => Promise<Principal>
  readonly onFailure?: (error: unknown) => void
  readonly now?: () => Date
}

export interface StdioSession {
  /** Resolves when the client has closed its end. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

/**
 * Serve one agent over this process' standard input and output (MCP, stdio transport). Nothing else may write to stdout
 * meanwhile.
 */
export async function serveStdio(authority: Authority, options: StdioOptions): Promise<StdioSession> {
  const [{ StdioServerTransport }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./create-server.js'),
  ])
  const { onFailure = () => undefined, now = () => new Date() } = options
  let principal = await options.authenticate()
  const server = createMcpServer({
    tools: offeredTools(options.allowPrivateKeys ?? false),
    call: {
      authority,
      get caller() {
        return { principal }
      },
      now,
    },
    admit: async () => {
      principal = await options.authenticate()
    },
    onFailure,
  })
  const transport = new StdioServerTransport()
  const closed = new Promise<void>((resolve) => {
    Object.assign(server.server, { onclose: resolve })
  })
  await server.connect(transport)
  return { closed, close: () => server.close() }
}
