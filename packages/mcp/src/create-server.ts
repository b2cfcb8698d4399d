import { isPkiError } from '@certwright/core'
import { McpServer } from '@modelcontextprotocol/server'
import { ToolRefusal } from './tool-refusal.js'
import type { Tool, ToolCall } from './tools/tool.js'

export interface ServedTools {
  readonly tools: readonly Tool[]
  readonly call: ToolCall
  /** Before a tool runs: counts it against its limit. @throws what the agent is told */
  readonly admit: (tool: Tool) => Promise<void>
  /** Gets what is no fault of the agent's. */
  readonly onFailure: (error: unknown) => void
}

/** Of what the tools take and answer, as the `1` of `/v1` is of the REST API. */
const toolsVersion = '1'

const instructions =
  'This server runs a certificate authority with the rights of your credential. Call whoami first. What you may not see ' +
  'does not exist here. Tools that change something sign or revoke for good: ask the person before you call them.'

/** A server of one session: one HTTP request, or one stdio connection. */
export function createMcpServer({ tools, call, admit, onFailure }: ServedTools): McpServer {
  const server = new McpServer(
    { name: 'certwright', title: 'Certwright', version: toolsVersion },
    { instructions },
  )
  for (const tool of tools) {
    const { name, title, description, input: inputSchema, effect } = tool
    const annotations = {
      title,
      readOnlyHint: effect === 'none',
      destructiveHint: effect === 'change',
      idempotentHint: effect === 'none',
      openWorldHint: false,
    }
    server.registerTool(name, { title, description, inputSchema, annotations }, async (input) => {
      try {
        await admit(tool)
        return resultOf(await tool.run(input as never, call))
      } catch (error) {
        const told = toldOf(error)
        if (told === unavailable) onFailure(error)
        return refusal(told)
      }
    })
  }
  return server
}

/** As text for the model, and as data for its client. */
function resultOf(structuredContent: Readonly<Record<string, unknown>>) {
  const text = JSON.stringify(structuredContent, undefined, 2)
  return { content: [{ type: 'text' as const, text }], structuredContent }
}

interface Told {
  readonly code: string
  readonly message: string
}

const unavailable: Told = {
  code: 'unavailable',
  message: 'Cannot complete this call at the moment: try again later',
}

/** What the agent can mend is told with its code; of a failure on our side it learns a sentence. */
function toldOf(error: unknown): Told {
  const isTheirs = error instanceof ToolRefusal || (isPkiError(error) && !isOurs(error.code))
  return isTheirs ? { code: error.code, message: error.message } : unavailable
}

const isOurs = (code: string): boolean =>
  code.startsWith('custody_') || code === 'storage_conflict' || code === 'storage_unavailable'

const refusal = (error: Told) => ({
  isError: true,
  content: [{ type: 'text' as const, text: `${error.message} (${error.code})` }],
  structuredContent: { error },
})
