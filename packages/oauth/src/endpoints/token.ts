import type { ExtensionEndpoint, ExtensionVisit } from '@certwright/http'
import type { Settings } from '../options.js'
import { transact } from '../records/transact.js'
import { wholeSeconds } from '../records/whole-seconds.js'
import { type AuthorizationServer, paths } from '../server/authorization-server.js'
import { withKnownResources } from './known-resource.js'
import { passOn, preflight, readForm, refusal } from './oauth-answer.js'

/** RFC 6749 §3.2 and RFC 7009: both take a form and the client's own credentials, and are counted together. */
export function tokenEndpoints(
  settings: Settings,
  server: () => Promise<AuthorizationServer>,
): readonly ExtensionEndpoint[] {
  const limit = { name: 'oauth-token', perMinute: settings.tokensPerMinute }
  return [paths.token, paths.revoke].flatMap((path): ExtensionEndpoint[] => [
    {
      method: 'POST',
      path,
      access: 'public',
      limit,
      serve: (visit) => answerForm(visit, path, settings, server),
    },
    { method: 'OPTIONS', path, access: 'public', serve: preflight('POST') },
  ])
}

async function answerForm(
  visit: ExtensionVisit,
  path: string,
  settings: Settings,
  server: () => Promise<AuthorizationServer>,
): Promise<Response> {
  if (visit.request.headers.has('authorization')) return refuseHeader()
  const form = await readForm(visit)
  if (form === undefined) {
    return refusal(400, 'invalid_request', 'send the parameters as application/x-www-form-urlencoded')
  }
  const known = withKnownResources(form, settings.resources)
  // What a token may do is the grant's affair, and there is one scope: a client that names others gets that.
  known.delete('scope')
  const { request } = visit
  const response = await passOn(await (await server()).answer({ request, path, form: known }))
  if (path === paths.token && response.status === 200) await markUsed(form.get('client_id'), settings)
  return response
}

/** RFC 6749 §5.2: 401, with the scheme that the client has tried. */
function refuseHeader(): Response {
  const response = refusal(
    401,
    'invalid_client',
    'send client_id and client_secret in the body, and no Authorization',
  )
  response.headers.set('www-authenticate', 'Basic realm="oauth"')
  return response
}

/** Of many uses in a minute one is written down. */
const precisionSeconds = 60

async function markUsed(clientId: string | null, { storage, now }: Settings): Promise<void> {
  if (clientId === null) return
  const usedAt = wholeSeconds(now())
  const unlessAfter = new Date(usedAt.getTime() - precisionSeconds * 1000)
  await transact(storage, (tx) => tx.markOAuthClientUsed(clientId, usedAt, unlessAfter))
}
