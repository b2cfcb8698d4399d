import { generateKeyPairSync, timingSafeEqual } from 'node:crypto'
import { secretHashOf } from '@certwright/core'
import type Provider from 'oidc-provider'
import type { Configuration, JWK } from 'oidc-provider'
import type { Settings } from '../options.js'
import { paths } from '../server/authorization-server.js'
import type { ServerKeys } from '../records/server-keys.js'
import type { AdapterParts } from './adapter-parts.js'
import { adapterFor, scope } from './adapter.js'
import { cookieNames } from './cookie-names.js'
import type { loadOidcProvider } from './load-provider.js'
import { tokenMarkers } from './rotations.js'

type Library = Awaited<ReturnType<typeof loadOidcProvider>>

const day = 86_400

/** Seconds. The documented API says an hour and thirty days; a code travels through one redirect. */
const lifetimes = {
  AccessToken: 3600,
  RefreshToken: 30 * day,
  AuthorizationCode: 60,
  /** As long as somebody may think about the consent page. */
  Interaction: 900,
  // Required by the library; both live elsewhere, or nowhere.
  Session: 900,
  Grant: 365 * day,
  IdToken: 3600,
}

/** An OAuth 2.1 server out of a server of OpenID Connect: what is not named here is off. */
export function configurationOf(
  library: Library,
  settings: Settings,
  keys: ServerKeys,
  parts: AdapterParts,
): Configuration {
  const { resources, storage } = settings
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const
  return {
    adapter: (model: string) => adapterFor(model, parts),
    cookies: { names: cookieNames, keys: [keys.cookie], short: cookie, long: cookie },
    jwks: { keys: [unusedSigningKey()] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    responseTypes: ['code'],
    scopes: [],
    claims: {},
    clientAuthMethods: ['none', 'client_secret_post'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    // RFC 9700 §2.1.1: also of confidential clients. Only S256: the library has no `plain`.
    pkce: { required: () => true },
    // OAuth 2.1 §4.1.3: a code is exchanged with the redirect URI that it was asked for with.
    allowOmittingSingleRegisteredRedirectUri: false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      claimsParameter: { enabled: false },
      // RFC 7009 §2.1: one's own tokens, and those of others are left alone without a word.
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf?.[0] ?? resources[0] ?? settings.issuer,
        useGrantedResource: () => true,
        getResourceServerInfo(_ctx, resource) {
          if (!resources.includes(resource)) throw new library.errors.InvalidTarget()
          return {
            scope,
            audience: resource,
            accessTokenFormat: 'opaque',
            accessTokenTTL: lifetimes.AccessToken,
          }
        },
      },
    },
    findAccount: async (_ctx, userId) => {
      if ((await storage.findUser(userId)) === undefined) return undefined
      return { accountId: userId, claims: async () => ({ sub: userId }) }
    },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    revokeGrantPolicy: () => true,
    ttl: lifetimes,
    routes: {
      authorization: paths.authorize,
      token: paths.token,
      revocation: paths.revoke,
      jwks: '/oauth/jwks',
    },
    interactions: {
      policy: consentEveryTime(library),
      url: (_ctx, { uid }) => `${settings.issuer}${paths.consent}/${uid}`,
    },
    renderError(ctx, out) {
      ctx.type = 'json'
      ctx.body = out
    },
  }
}

/** One prompt instead of the two of OpenID Connect: the host knows who the user is, and consent is never assumed. */
function consentEveryTime({ interactionPolicy }: Library) {
  const { Check, Prompt, base } = interactionPolicy
  const policy = base()
  policy.remove('login')
  policy.remove('consent')
  const isGranted = new Check('grant_required', 'the user has to grant rights', 'consent_required', (ctx) =>
    ctx.oidc.result?.consent?.grantId ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
  )
  policy.add(new Prompt({ name: 'consent', requestable: true }, isGranted))
  return policy
}

/**
 * The library wants a key even where nothing is signed, and falls back to one that everybody knows. This one is made anew
 * in each process, and signs nothing: there are no ID tokens, and access tokens are opaque.
 */
function unusedSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'unused' }
}

/**
 * Two hooks on the library's models. That the first may be overridden its maintainer has said (issue 93); both are held
 * by tests: a token without its marker, or a secret that is compared in clear, fails them.
 */
export function adjustModels(provider: Provider, { rotations }: AdapterParts): void {
  for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode'] as const) {
    // The cast: the types leave this method out.
    const prototype = provider[model].prototype as unknown as { generateTokenId: (this: object) => string }
    const random = prototype.generateTokenId
    prototype.generateTokenId = function generateTokenId() {
      // Called in any case: it also settles the format of the token.
      const id = random.call(this)
      const successor = model === 'AuthorizationCode' ? undefined : rotations.successor(model)
      return tokenMarkers[model] + (successor ?? id)
    }
  }
  // The cast: what the types leave open is a method that may be replaced.
  const client = provider.Client.prototype as { compareClientSecret: typeof compareHash }
  client.compareClientSecret = compareHash
}

/** The client has the hash of its secret where the library expects the secret. */
function compareHash(this: { readonly clientSecret?: string }, actual: string): boolean {
  const [kept, shown] = [Buffer.from(this.clientSecret ?? ''), Buffer.from(secretHashOf(actual))]
  return kept.length === shown.length && timingSafeEqual(kept, shown)
}
