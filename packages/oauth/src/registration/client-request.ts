import { redirectUriFault } from '@certwright/core'

/** What of a registration is kept; the rest of RFC 7591 §2 would be shown to users, and nobody has checked it. */
export interface ClientRequest {
  readonly name: string
  readonly redirectUris: readonly string[]
}

/** RFC 7591 §3.2.2. The message goes to the client as it stands. */
export class RegistrationRefusal extends Error {
  override readonly name = 'RegistrationRefusal'
  readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata'

  constructor(code: RegistrationRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** An application has one for each platform, and some for development. */
const maximumRedirectUris = 10

/** Longer names would push what they ask for off the page. */
const maximumNameLength = 100

/**
 * @param input the body, as JSON was parsed; `undefined` where it could not be
 * @throws {RegistrationRefusal}
 */
export function parseClientRequest(input: unknown): ClientRequest {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refused('the body must be a JSON object')
  }
  const asked = input as Readonly<Record<string, unknown>>
  if ((asked['token_endpoint_auth_method'] ?? 'none') !== 'none') {
    throw refused('token_endpoint_auth_method must be none: clients with a secret are made by the operator')
  }
  requireSubset('grant_types', asked['grant_types'], ['authorization_code', 'refresh_token'])
  requireSubset('response_types', asked['response_types'], ['code'])
  const redirectUris = parseRedirectUris(asked['redirect_uris'])
  return { redirectUris, name: parseName(asked['client_name'], redirectUris) }
}

function parseRedirectUris(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maximumRedirectUris) {
    throw refusedUri(`redirect_uris must be a list of 1 to ${maximumRedirectUris}`)
  }
  return value.map((uri: unknown, index) => {
    const fault = typeof uri === 'string' ? redirectUriFault(uri) : 'be a string'
    if (typeof uri !== 'string' || fault !== undefined)
      throw refusedUri(`redirect_uris[${index}] must ${fault}`)
    return uri
  })
}

/** A user will read it: without what turns text around or hides in it. */
function parseName(value: unknown, [first = '']: readonly string[]): string {
  if (value === undefined) return new URL(first).host || 'unnamed'
  const isSound =
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= maximumNameLength &&
    !/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(value)
  if (!isSound) {
    throw refused(`client_name must have 1 to ${maximumNameLength} characters, and none that cannot be seen`)
  }
  return value.trim()
}

function requireSubset(name: string, value: unknown, known: readonly string[]): void {
  const isSubset =
    value === undefined ||
    (Array.isArray(value) && value.length <= known.length && value.every((each) => known.includes(each)))
  if (!isSubset) throw refused(`${name} may hold ${known.join(' and ')}`)
}

const refused = (message: string) => new RegistrationRefusal('invalid_client_metadata', message)

const refusedUri = (message: string) => new RegistrationRefusal('invalid_redirect_uri', message)
