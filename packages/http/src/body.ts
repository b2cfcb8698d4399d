import { HttpError } from './errors/http-error.js'

/**
 * The whole body. It is counted while it arrives, for Content-Length may be absent or a lie; where neither can be, it is
 * taken whole, for which nobody has to make a stream.
 *
 * @param isHeldToLength the server ends the body where Content-Length says (RFC 9112 §6.3)
 * @throws {HttpError} `body_too_large` as soon as the bound is passed, without reading on; `unsupported_media_type`
 * for a compressed body; `body_unreadable` when the connection ends early
 */
export async function readBody(
  request: Request,
  maximumBytes: number,
  isHeldToLength: boolean,
): Promise<Uint8Array> {
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new HttpError('unsupported_media_type', 'Cannot read body: send it without Content-Encoding')
  }
  const told = request.headers.get('content-length')
  if (Number(told) > maximumBytes) throw tooLarge(maximumBytes)
  if (isHeldToLength && told !== null && !request.headers.has('transfer-encoding')) {
    return new Uint8Array(await request.arrayBuffer().catch(unreadable))
  }
  if (request.body === null) return new Uint8Array()
  return collect(request.body, maximumBytes)
}

async function collect(stream: ReadableStream<Uint8Array>, maximumBytes: number): Promise<Uint8Array> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch(unreadable)
    if (done) return concatenate(chunks, length)
    length += value.length
    if (length > maximumBytes) {
      reader.cancel().catch(() => undefined)
      throw tooLarge(maximumBytes)
    }
    chunks.push(value)
  }
}

function unreadable(): never {
  throw new HttpError('body_unreadable', 'Cannot read body: the connection ended before the body did')
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

/** `Connection: close`, because the rest of the body is still on its way and nobody will read it. */
function tooLarge(maximumBytes: number): HttpError {
  return new HttpError('body_too_large', `Cannot read body: it has more than ${maximumBytes} bytes`, {
    connection: 'close',
  })
}

/** The media type without its parameters, in lowercase; '' where the header is absent. */
export function mediaType(request: Request): string {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';')
  return type.trim().toLowerCase()
}
