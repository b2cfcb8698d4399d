import type { HandlerExtension } from '@certwright/http'
import { authorizationEndpoints } from './endpoints/authorization.js'
import { consentEndpoints } from './endpoints/consent.js'
import { metadataEndpoints } from './endpoints/metadata.js'
import { admitsFor, challengeFor } from './endpoints/protected-resources.js'
import { registrationEndpoints } from './endpoints/registration.js'
import { tokenEndpoints } from './endpoints/token.js'
import { type OAuthOptions, settingsOf } from './options.js'
import { findOrCreateServerKeys } from './records/server-keys.js'
import { paths } from './server/authorization-server.js'
import { lazily } from './server/lazily.js'

/**
 * OAuth 2.1 for a handler of `@certwright/http`: authorization, token, revocation and registration endpoints, their
 * metadata, and the page on which a user grants rights CA by CA.
 *
 * The tokens are credentials of the authority: `authority.authenticate` takes them, and looks up at each use what was
 * granted and what the user may do now.
 *
 * @throws {TypeError | RangeError} an option that cannot be honoured
 */
export function oauthExtension(options: OAuthOptions): HandlerExtension {
  const settings = settingsOf(options)
  const keys = lazily(() => findOrCreateServerKeys(settings.storage))
  // Loads oidc-provider: half a second and 32 MB, which a process that only checks tokens does not need.
  const server = lazily(async () => {
    const { createOidcServer } = await import('./oidc/oidc-server.js')
    return createOidcServer(settings, await keys())
  })
  return {
    endpoints: [
      ...metadataEndpoints(settings),
      ...authorizationEndpoints(settings, server),
      ...consentEndpoints(settings, server, keys),
      ...tokenEndpoints(settings, server),
      ...registrationEndpoints(settings),
    ],
    admits: admitsFor(settings),
    challenge: challengeFor(settings),
    oauth2: {
      authorizationUrl: settings.issuer + paths.authorize,
      tokenUrl: settings.issuer + paths.token,
    },
  }
}
