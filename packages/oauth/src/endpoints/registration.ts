import { randomBytes } from 'node:crypto'
import type { OAuthClient } from '@certwright/core'
import type { ExtensionEndpoint, ExtensionVisit } from '@certwright/http'
import type { Settings } from '../options.js'
import { transact } from '../records/transact.js'
import { wholeSeconds } from '../records/whole-seconds.js'
import {
  type ClientRequest,
  parseClientRequest,
  RegistrationRefusal,
} from '../registration/client-request.js'
import { paths } from '../server/authorization-server.js'
import { jsonAnswer, preflight, refusal } from './oauth-answer.js'

/** A name, some URIs, and what else RFC 7591 §2 knows and we do not keep. */
const maximumBytes = 16_384

/**
 * RFC 7591, for public clients: whoever asks gets an id and no secret, so there is nothing to steal and nothing that one
 * could do with it but ask a user. Registrations that nobody uses are deleted: `authority.collectGarbage`.
 */
export function registrationEndpoints(settings: Settings): readonly ExtensionEndpoint[] {
  return [
    {
      method: 'POST',
      path: paths.register,
      access: 'public',
      limit: { name: 'oauth-register', perMinute: settings.registrationsPerMinute },
      serve: (visit) => register(visit, settings),
    },
    { method: 'OPTIONS', path: paths.register, access: 'public', serve: preflight('POST') },
  ]
}

async function register(visit: ExtensionVisit, settings: Settings): Promise<Response> {
  const body = parseJson(await visit.readBody(maximumBytes))
  let asked: ClientRequest
  try {
    asked = parseClientRequest(body)
  } catch (error) {
    if (error instanceof RegistrationRefusal) return refusal(400, error.code, error.message)
    throw error
  }
  const client: OAuthClient = {
    id: `cm_client_${randomBytes(16).toString('base64url')}`,
    kind: 'public',
    name: asked.name,
    redirectUris: asked.redirectUris,
    metadata: '{}',
    createdAt: wholeSeconds(settings.now()),
  }
  await transact(settings.storage, (tx) => tx.insertOAuthClient(client))
  return jsonAnswer(201, {
    client_id: client.id,
    client_id_issued_at: client.createdAt.getTime() / 1000,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  })
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
