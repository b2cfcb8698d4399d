import type { OAuthClient } from '@certwright/core'
import type { ClientMetadata } from 'oidc-provider'
import { isNativeRedirect } from '../registration/native-redirect.js'

/**
 * A client as the library wants it (RFC 7591 §2). `native` lets the port of a loopback address vary (RFC 8252 §7.3); it
 * follows from the redirect URIs and not from what the client says of itself.
 */
export function clientMetadata(client: OAuthClient): ClientMetadata {
  return {
    client_id: client.id,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    application_type: client.redirectUris.some(isNativeRedirect) ? 'native' : 'web',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // The hash in place of the secret: compareClientSecret hashes what was sent.
    ...(client.secretHash === undefined
      ? { token_endpoint_auth_method: 'none' }
      : { token_endpoint_auth_method: 'client_secret_post', client_secret: client.secretHash }),
  }
}
