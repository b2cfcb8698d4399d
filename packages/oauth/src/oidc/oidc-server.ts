import type { IncomingMessage } from 'node:http'
import { secretHashOf } from '@certwright/core'
import type { Settings } from '../options.js'
import type { ServerKeys } from '../records/server-keys.js'
import { transact } from '../records/transact.js'
import { wholeSeconds } from '../records/whole-seconds.js'
import { type AuthorizationServer, paths, type PendingAuthorization } from '../server/authorization-server.js'
import type { AdapterParts } from './adapter-parts.js'
import { bridgeTo, type NodeHandler } from './bridge.js'
import { adjustModels, configurationOf } from './configuration.js'
import { loadOidcProvider } from './load-provider.js'
import { rotationsIn } from './rotations.js'

/** The authorization server on oidc-provider, over the authority's own storage. */
export async function createOidcServer(settings: Settings, keys: ServerKeys): Promise<AuthorizationServer> {
  const { authority, issuer, storage, now, resources } = settings
  // Not at the top of a file: what is imported there is loaded with the package.
  const [library, { fetchNodeHandler }] = await Promise.all([loadOidcProvider(), import('srvx/node')])
  const resumeUrl = (uid: string): string => `${issuer}${paths.authorize}/${uid}`
  const rotations = rotationsIn(storage, now)
  const alreadyUsed = () => new library.errors.InvalidGrant('already used')
  const parts: AdapterParts = { authority, storage, now, resources, rotations, resumeUrl, alreadyUsed }

  const provider = new library.Provider(issuer, configurationOf(library, settings, keys, parts))
  // What is forwarded comes from the bridge, never from a request.
  provider.proxy = true
  adjustModels(provider, parts)
  const callback = provider.callback()
  // The library answers what it did not expect with a bare `server_error`; the handler above has better answers.
  const failures = new WeakMap<IncomingMessage, unknown>()
  provider.on('server_error', (ctx, error) => failures.set(ctx.req, error))
  const bridge = bridgeTo(issuer, fetchNodeHandler)

  return {
    async answer(request) {
      let arrived: IncomingMessage | undefined
      const handler: NodeHandler = (incoming, outgoing) => {
        arrived = incoming
        return callback(incoming, outgoing)
      }
      const response = await rotations.within(() => bridge(handler, request))
      if (arrived !== undefined && failures.has(arrived)) throw failures.get(arrived)
      return response
    },

    async findPending(request, uid) {
      let pending: PendingAuthorization | undefined
      const look: NodeHandler = async (incoming, outgoing) => {
        pending = await provider
          .interactionDetails(incoming, outgoing)
          .then(({ jti, params }) => (jti === uid ? pendingOf(params) : undefined))
          .catch((error: unknown) => {
            if (error instanceof library.errors.SessionNotFound) return undefined
            throw error
          })
        outgoing.end()
      }
      await bridge(look, { request, path: consentPath(uid) })
      return pending
    },

    close: (uid) =>
      transact(storage, (tx) =>
        tx.consumeOAuthArtifact('Interaction', secretHashOf(uid), wholeSeconds(now())),
      ),

    finish(request, uid, outcome) {
      const result =
        outcome.kind === 'granted'
          ? { login: { accountId: outcome.userId, remember: false }, consent: { grantId: outcome.grantId } }
          : { error: 'access_denied', error_description: 'the user has not granted access' }
      const finish: NodeHandler = (incoming, outgoing) =>
        provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false })
      return bridge(finish, { request, path: consentPath(uid) })
    },

    resumeUrl,
  }
}

const consentPath = (uid: string): string => `${paths.consent}/${uid}`

function pendingOf(params: Readonly<Record<string, unknown>>): PendingAuthorization {
  const { client_id, redirect_uri, resource } = params
  return {
    clientId: String(client_id),
    redirectUri: String(redirect_uri),
    resources: (Array.isArray(resource) ? resource : [resource]).map(String),
  }
}
