/** Exit codes: 2 for a command that was not understood, 1 for one that was and failed. */
const exitCodes = { usage: 2, failure: 1 } as const

/** What ends a command, in one sentence that says what to change. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number

  constructor(kind: keyof typeof exitCodes, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.exitCode = exitCodes[kind]
  }
}
