import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthority, operator } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { oauthExtension } from '@certwright/oauth'
import * as oauth from 'oauth4webapi'

/** The server: your own session says who the user is, here a cookie that your sign-in page would set. */
export async function startServer() {
  const storage = memoryStorage()
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const me = { principal: operator('example') }
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Example' }, me)
  const { id: userId } = await authority.createUser({ email: 'you@example.com' }, me)
  await authority.addMember({ workspaceId, userId, rights: 'all' }, me)
  const { id: caId } = await authority.createRoot({ name: 'Example Root', workspaceId }, me)

  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const extension = oauthExtension({
    authority,
    storage,
    issuer,
    getUser: async (request) =>
      request.headers.get('cookie')?.includes('session=yours') ? { id: userId } : undefined,
    signInUrl: (returnTo) => `${issuer}/your-sign-in?return_to=${encodeURIComponent(returnTo)}`,
  })
  server.on('request', nodeListener(createHandler(authority, { extensions: [extension] })))
  return { issuer, caId, close: () => server.close() }
}

const insecure = { [oauth.allowInsecureRequests]: true }

/**
 * The client: a tool on the user's machine. It has no secret, registers itself, and proves by PKCE that it is the one who
 * asked.
 *
 * @param openBrowser shows the URL to the user, and resolves to the URL that the browser was sent to in the end
 */
export async function connect(issuer: string, openBrowser: (url: string) => Promise<string>) {
  const redirectUri = 'http://127.0.0.1:53682/callback'
  const url = new URL(issuer)
  const discovery = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure })
  const server = await oauth.processDiscoveryResponse(url, discovery)
  const metadata = { client_name: 'My tool', redirect_uris: ['http://127.0.0.1/callback'] }
  const registration = await oauth.dynamicClientRegistrationRequest(server, metadata, insecure)
  const client = await oauth.processDynamicClientRegistrationResponse(registration)

  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const asked = new URL(server.authorization_endpoint ?? '')
  asked.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: issuer,
  }).toString()
  const callback = new URL(await openBrowser(asked.href))

  const parameters = oauth.validateAuthResponse(server, client, callback, state)
  const exchange = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchange)
  return { server, client, tokens }
}
