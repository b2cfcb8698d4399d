import type { ExtensionVisit } from '@certwright/http'

/*
 * The answers of endpoints that programs use. Any page may ask: there are no cookies here, and the secrets come with the
 * request, so no origin has more than another.
 */

const crossOrigin = { 'access-control-allow-origin': '*' }

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(value, {
    status,
    // RFC 6749 §5.1: what holds tokens is kept by nobody on the way.
    headers: { 'cache-control': 'no-store', ...crossOrigin, ...headers },
  })
}

/** RFC 6749 §5.2, RFC 7591 §3.2.2. The code goes to the log as well, as those of the API do. */
export function refusal(status: number, error: string, description: string): Response {
  return jsonAnswer(status, { error, error_description: description }, { 'certwright-error': error })
}

/** What the server answered, for any origin; a refusal with its code beside it. */
export async function passOn(response: Response): Promise<Response> {
  const headers = new Headers(response.headers)
  headers.set('access-control-allow-origin', '*')
  headers.set('cache-control', 'no-store')
  const text = await response.text()
  if (response.status >= 400) headers.set('certwright-error', errorOf(text) ?? 'invalid_request')
  // The length is that of the body as it left; without one the handler's server writes its own.
  headers.delete('content-length')
  return new Response(text === '' ? null : text, { status: response.status, headers })
}

export function errorOf(json: string): string | undefined {
  try {
    const { error } = JSON.parse(json) as { readonly error?: unknown }
    return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : undefined
  } catch {
    return undefined
  }
}

/** CORS preflight. @param methods as in `POST` */
export const preflight = (methods: string) => async (): Promise<Response> =>
  new Response(null, {
    status: 204,
    headers: {
      ...crossOrigin,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'authorization, content-type, mcp-protocol-version',
      'access-control-max-age': '86400',
    },
  })

/** More than any request of OAuth needs: a code, a verifier, an id, a secret and some URIs. */
const maximumFormBytes = 16_384

/** The fields of a form body (RFC 6749 appendix B); `undefined` where it is none. */
export async function readForm(visit: ExtensionVisit): Promise<URLSearchParams | undefined> {
  const [type = ''] = (visit.request.headers.get('content-type') ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return undefined
  const bytes = await visit.readBody(maximumFormBytes)
  return new URLSearchParams(new TextDecoder().decode(bytes))
}
