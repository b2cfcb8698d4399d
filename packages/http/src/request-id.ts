/** Safe in a log line and a header, long enough for a UUID or a trace id. */
const wellFormed = /^[A-Za-z0-9._-]{1,64}$/

/** The caller's `X-Request-Id` where it is well-formed, else a new one. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id')
  return given !== null && wellFormed.test(given) ? given : crypto.randomUUID()
}
