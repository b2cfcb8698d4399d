import type { ExtensionEndpoint, ExtensionVisit } from '@certwright/http'
import { languageOf } from '../consent/language.js'
import { refusalPage } from '../consent/refusal-page.js'
import type { Settings } from '../options.js'
import { type AuthorizationServer, paths } from '../server/authorization-server.js'
import { withKnownResources } from './known-resource.js'
import { errorOf, readForm } from './oauth-answer.js'

/**
 * RFC 6749 §3.1. A browser comes here, so what cannot be told to the client, because nobody knows whether it is one, is
 * told on a page.
 */
export function authorizationEndpoints(
  settings: Settings,
  server: () => Promise<AuthorizationServer>,
): readonly ExtensionEndpoint[] {
  const authorize = async (visit: ExtensionVisit, asked: URLSearchParams): Promise<Response> => {
    const { request } = visit
    const mode = asked.get('response_mode')
    if (mode !== null && mode !== 'query') {
      return refusalPage(languageOf(request), 400, 'unsupported_response_mode')
    }
    const query = authorizationQuery(asked, settings)
    return forPeople(request, await (await server()).answer({ request, path: paths.authorize, query }))
  }
  return [
    {
      method: 'GET',
      path: paths.authorize,
      access: 'public',
      serve: (visit) => authorize(visit, visit.query),
    },
    {
      method: 'POST',
      path: paths.authorize,
      access: 'public',
      serve: async (visit) => authorize(visit, (await readForm(visit)) ?? new URLSearchParams()),
    },
    {
      method: 'GET',
      path: `${paths.authorize}/:uid`,
      access: 'public',
      serve: async ({ request, path }) =>
        forPeople(request, await (await server()).answer({ request, path })),
    },
  ]
}

/**
 * What of a request counts. The rest is OpenID Connect's, or asks for what we do anyway: RFC 6749 §3.1 lets a server ignore
 * it. A parameter that comes twice stays so, and is refused.
 */
const known = [
  'client_id',
  'response_type',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'resource',
]

function authorizationQuery(asked: URLSearchParams, { resources }: Settings): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of asked) if (known.includes(name)) query.append(name, value)
  // The documented request has none, and the rights are chosen on the page.
  query.set('scope', 'ca')
  // Of the prompts only this one changes anything: without a page there is no consent, and so no code.
  if (asked.get('prompt') === 'none') query.set('prompt', 'none')
  return withKnownResources(query, resources)
}

async function forPeople(request: Request, response: Response): Promise<Response> {
  if (response.status < 400) return response
  const text = await response.text()
  return refusalPage(languageOf(request), response.status, errorOf(text) ?? 'invalid_request', detailOf(text))
}

function detailOf(json: string): string | undefined {
  try {
    const { error_description } = JSON.parse(json) as { readonly error_description?: unknown }
    return typeof error_description === 'string' ? error_description : undefined
  } catch {
    return undefined
  }
}
