import { type Authority, PkiError, type Principal } from '@certwright/core'

/** RFC 6750 §2.1: the scheme without regard to case (RFC 9110 §11.1), then a token68 of bounded length. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i

/** @throws {PkiError} `invalid_credentials`; the message says what to send and never what was sent */
export async function authenticate(request: Request, authority: Authority): Promise<Principal> {
  const header = request.headers.get('authorization')
  if (header === null) throw refused('the header "Authorization: Bearer cm_…" is missing')
  const credential = bearer.exec(header.trim())?.[1]
  if (credential === undefined) throw refused('the header "Authorization" must be "Bearer cm_…"')
  return authority.authenticate(credential)
}

export function refused(state: string): PkiError<'invalid_credentials'> {
  return new PkiError('invalid_credentials', `Cannot authenticate: ${state}`, {})
}
