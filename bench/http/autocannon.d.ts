/** The part of autocannon that is used; it has no types of its own. */
declare module 'autocannon' {
  interface Request {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }

  interface Options {
    readonly url: string
    readonly connections: number
    /** Requests in all. */
    readonly amount: number
    readonly requests: readonly [Request & { setupRequest(request: Request): Request }]
  }

  interface Result {
    readonly '2xx': number
    readonly errors: number
  }

  interface Instance extends PromiseLike<Result> {
    on(
      event: 'response',
      listener: (client: unknown, statusCode: number, bytes: number, milliseconds: number) => void,
    ): unknown
  }

  export default function autocannon(options: Options): Instance
}
