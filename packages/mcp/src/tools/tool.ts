import type { Authority, Caller } from '@certwright/core'
import type { z } from 'zod'

/** What a tool call stands on: whose it is, and what it may ask. */
export interface ToolCall {
  readonly authority: Authority
  readonly caller: Caller
  readonly now: () => Date
}

/** One tool, as a row of data: what agents read of it, what it takes, what it does. */
export interface Tool {
  /** Lowercase words with underscores. */
  readonly name: string
  readonly title: string
  /** For a reader that sees nothing else: when to call it, and what comes back. */
  readonly description: string
  readonly input: z.ZodObject
  /** `change`: something is signed or revoked, for good; clients ask their person before they call such a tool. */
  readonly effect: 'none' | 'change'
  /** Only where the host has switched on that private keys are handed to agents. */
  readonly returnsPrivateKey?: boolean
  run(input: never, call: ToolCall): Promise<Readonly<Record<string, unknown>>>
}

/** The types of `run` follow from `input`; whoever calls it has parsed its argument with that. */
export const defineTool = <Input extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'run'> & {
    readonly input: Input
    run(input: z.output<Input>, call: ToolCall): Promise<Readonly<Record<string, unknown>>>
  },
): Tool => tool
