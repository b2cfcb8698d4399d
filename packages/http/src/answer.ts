/** A response before it is one: what an endpoint returns, what a test looks at. Header names are in lowercase. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
}

/** API answers may hold private keys and are for one principal: nobody on the way may keep them. */
export function jsonAnswer(value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  }
}

/** Bytes that everybody may fetch; the caller says how long they may be kept. */
export function bytesAnswer(
  contentType: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Answer {
  return { status: 200, headers: { 'content-type': contentType, ...headers }, body: ownBytes(bytes) }
}

/** A `Response` takes no memory that threads share. Other bytes stay where they are: a CRL may have 50 MB. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)

const secured = (
  headers: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
) => ({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  ...headers,
  ...others,
})

/**
 * The answer of an extension with our headers on it, where it has not set them itself. `Set-Cookie` may come several
 * times, so headers are added to its own and never copied through an object.
 */
export function completed(
  response: Response,
  added: Readonly<Record<string, string>>,
  withBody: boolean,
): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(secured(added))) {
    if (!headers.has(name)) headers.set(name, value)
  }
  const { status, statusText } = response
  return new Response(withBody ? response.body : null, { status, statusText, headers })
}

/** An answer as it is sent: with all of its headers, its body in bytes. */
export interface Message {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

/** @param withBody false for HEAD: the headers of the GET, Content-Length included (RFC 9110 §9.3.2), and no body */
export function toMessage({ status, headers, body }: Answer, withBody: boolean): Message {
  if (body === undefined) return { status, headers: secured(headers), bytes: null }
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return {
    status,
    headers: secured(headers, { 'content-length': String(bytes.length) }),
    bytes: withBody ? bytes : null,
  }
}

export function toResponse(answer: Answer, withBody: boolean): Response {
  const { status, headers, bytes } = toMessage(answer, withBody)
  return new Response(bytes, { status, headers })
}
