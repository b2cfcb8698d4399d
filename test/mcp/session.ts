import type { Handler } from '@certwright/http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** A call's answer, as the official client gives it. */
export interface ToolAnswer {
  readonly isError: boolean
  readonly text: string
  readonly data: Readonly<Record<string, unknown>> & { readonly error?: { readonly code: string } }
}

/** The official client against a handler, without a port. */
export async function connect(handler: Handler, apiKey: string) {
  const transport = new StreamableHTTPClientTransport(new URL('http://pki.test/mcp'), {
    requestInit: { headers: { authorization: `Bearer ${apiKey}` } },
    fetch: (url, init) => handler(new Request(url, init), { remoteAddress: '192.0.2.1' }),
  })
  const client = new Client({ name: 'tests', version: '1' })
  await client.connect(transport)
  return {
    client,
    call: async (name: string, input: Readonly<Record<string, unknown>> = {}): Promise<ToolAnswer> => {
      const {
        isError = false,
        content,
        structuredContent,
      } = await client.callTool({ name, arguments: input })
      const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
      return { isError, text, data: (structuredContent ?? {}) as ToolAnswer['data'] }
    },
  }
}
