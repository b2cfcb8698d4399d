import type { ExtensionEndpoint, ExtensionVisit } from '@certwright/http'
import type { Settings } from '../options.js'
import { paths } from '../server/authorization-server.js'
import { jsonAnswer, preflight } from './oauth-answer.js'
import { metadataPath, protectedResourceMetadata } from './protected-resources.js'

/**
 * RFC 8414 and RFC 9728. Written here and not by the library, which would list what OpenID Connect has, make URLs of the
 * Host header, and have to be loaded for documents that clients fetch again and again.
 */
export function metadataEndpoints(settings: Settings): readonly ExtensionEndpoint[] {
  const server = serverMetadata(settings)
  const wellKnown = '/.well-known/oauth-authorization-server'
  return [
    // Where a host gives us no path but ours, they are found below it all the same.
    ...(settings.pathPrefix === '' ? [] : documentAt(wellKnown, server, false)),
    ...documentAt(wellKnown + settings.pathPrefix, server, true),
    ...[...new Map(settings.resources.map((resource) => [metadataPath(resource), resource]))].flatMap(
      ([path, resource]) => documentAt(path, protectedResourceMetadata(resource, settings), true),
    ),
  ]
}

function documentAt(path: string, document: object, isRootPath: boolean): ExtensionEndpoint[] {
  const serve = async (_visit: ExtensionVisit): Promise<Response> =>
    jsonAnswer(200, document, { 'cache-control': 'public, max-age=300' })
  return [
    { method: 'GET', path, isRootPath, access: 'public', serve },
    { method: 'OPTIONS', path, isRootPath, access: 'public', serve: preflight('GET') },
  ]
}

function serverMetadata({ issuer, resources }: Settings): object {
  const authentication = ['none', 'client_secret_post']
  return {
    issuer,
    authorization_endpoint: issuer + paths.authorize,
    token_endpoint: issuer + paths.token,
    revocation_endpoint: issuer + paths.revoke,
    registration_endpoint: issuer + paths.register,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: authentication,
    revocation_endpoint_auth_methods_supported: authentication,
    // RFC 9207 §3.
    authorization_response_iss_parameter_supported: true,
    // RFC 9728 §4.
    protected_resources: resources,
    ui_locales_supported: ['en', 'de'],
  }
}
