/** A tool is not run, and the agent is told why: what is no `PkiError` of the authority. */
export class ToolRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
