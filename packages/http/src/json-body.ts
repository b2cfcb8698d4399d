import { mediaType } from './body.js'
import { HttpError } from './errors/http-error.js'
import type { Visit } from './routes/endpoint.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The JSON object of a body.
 *
 * @param required false for the endpoints that document their body as optional: there nothing at all means `{}`,
 * whatever the content type says
 * @throws {HttpError} `unsupported_media_type`, `malformed_json`, and those of `readBody`
 */
export async function readJsonObject(
  { request, readBody }: Pick<Visit, 'request' | 'readBody'>,
  required: boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readBody()
  if (bytes.length === 0) {
    if (required) throw malformed('it is empty, send a JSON object')
    return {}
  }
  if (mediaType(request) !== 'application/json') {
    throw new HttpError(
      'unsupported_media_type',
      'Cannot read body: send it with "Content-Type: application/json"',
    )
  }
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('it must be a JSON object')
  }
  return value as Readonly<Record<string, unknown>>
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw malformed('it is no well-formed UTF-8')
  }
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the body, which may hold a passphrase.
    throw malformed('it is no well-formed JSON')
  }
}

function malformed(state: string): HttpError {
  return new HttpError('malformed_json', `Cannot read body: ${state}`)
}
