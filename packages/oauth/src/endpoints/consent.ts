import { isPkiError } from '@certwright/core'
import type { ExtensionEndpoint, ExtensionVisit } from '@certwright/http'
import { type Choice, fields, readDecision } from '../consent/consent-form.js'
import { consentPage, type Offer } from '../consent/consent-page.js'
import { formToken, isFormToken } from '../consent/form-token.js'
import { languageOf } from '../consent/language.js'
import { refusalPage } from '../consent/refusal-page.js'
import { type OAuthUser, serverCaller, type Settings } from '../options.js'
import type { ServerKeys } from '../records/server-keys.js'
import { type AuthorizationServer, paths, type PendingAuthorization } from '../server/authorization-server.js'
import { readForm } from './oauth-answer.js'

/** The page on which a user grants rights, and its form. */
export function consentEndpoints(
  settings: Settings,
  server: () => Promise<AuthorizationServer>,
  keys: () => Promise<ServerKeys>,
): readonly ExtensionEndpoint[] {
  const within =
    (answer: (meeting: Meeting) => Promise<Response>) =>
    async (visit: ExtensionVisit): Promise<Response> => {
      const meeting = await meet(visit, settings, await server(), await keys())
      return meeting instanceof Response ? meeting : answer(meeting)
    }
  const path = `${paths.consent}/:uid`
  return [
    { method: 'GET', path, access: 'public', serve: within(showOffer) },
    { method: 'POST', path, access: 'public', serve: within(takeAnswer) },
  ]
}

/** A user before a request that waits for them. */
interface Meeting {
  readonly visit: ExtensionVisit
  readonly uid: string
  readonly user: OAuthUser
  readonly pending: PendingAuthorization
  readonly settings: Settings
  readonly server: AuthorizationServer
  readonly formKey: Uint8Array
}

async function meet(
  visit: ExtensionVisit,
  settings: Settings,
  server: AuthorizationServer,
  keys: ServerKeys,
): Promise<Meeting | Response> {
  const { request, parameters } = visit
  const uid = parameters['uid'] ?? ''
  const pending = await server.findPending(request, uid)
  // 400 and not 404: the page is there for whoever comes with a request.
  if (pending === undefined) return refusalPage(languageOf(request), 400, 'session_not_found')
  const user = await settings.getUser(request)
  if (user !== undefined) return { visit, uid, user, pending, settings, server, formKey: keys.form }
  const returnTo = `${settings.issuer}${paths.consent}/${uid}`
  const headers = { location: settings.signInUrl(returnTo), 'cache-control': 'no-store' }
  return new Response(null, { status: 303, headers })
}

async function showOffer(meeting: Meeting, fault?: string): Promise<Response> {
  const { visit, uid, user, pending, settings, formKey } = meeting
  const { request, query } = visit
  const [client, account, workspaces] = await Promise.all([
    settings.storage.findOAuthClient(pending.clientId),
    settings.storage.findUser(user.id),
    settings.authority.listGrantable({ userId: user.id }, serverCaller),
  ])
  const texts = languageOf(request)
  if (client === undefined) return refusalPage(texts, 400, 'invalid_client')
  const asked = query.get(fields.workspace)
  const offer: Offer = {
    texts,
    path: `${settings.pathPrefix}${paths.consent}/${uid}`,
    client: {
      name: client.name,
      isSelfRegistered: client.kind === 'public',
      redirectUri: pending.redirectUri,
    },
    email: account?.email ?? user.id,
    workspaces,
    chosen:
      workspaces.length === 1 ? workspaces[0] : workspaces.find(({ workspace }) => workspace.id === asked),
    formToken: formToken(formKey, uid, user.id),
    ...(fault !== undefined && { fault }),
  }
  return consentPage(offer)
}

async function takeAnswer(meeting: Meeting): Promise<Response> {
  const { visit, uid, user, server, settings, formKey } = meeting
  const { request } = visit
  const form = await readForm(visit)
  const texts = languageOf(request)
  const isOurs =
    form !== undefined &&
    isOwnOrigin(request, settings) &&
    isFormToken(form.get(fields.token) ?? '', formKey, uid, user.id)
  if (!isOurs) return showOffer(meeting, texts.wrongForm)
  const decision = readDecision(
    form,
    await settings.authority.listGrantable({ userId: user.id }, serverCaller),
  )
  if (decision === undefined) return showOffer(meeting, texts.foreignRights)
  // Of two that come at once, as from a second click, one is taken; the other goes where that one leads.
  if (!(await server.close(uid))) {
    return new Response(null, { status: 303, headers: { location: server.resumeUrl(uid) } })
  }
  if (decision.kind === 'denied') return server.finish(request, uid, { kind: 'denied' })
  return grant(meeting, decision.choice)
}

async function grant(meeting: Meeting, { workspaceId, rights }: Choice): Promise<Response> {
  const { visit, uid, user, pending, server, settings } = meeting
  try {
    const { id: grantId } = await settings.authority.grantAccess(
      { clientId: pending.clientId, workspaceId, userId: user.id, rights },
      serverCaller,
    )
    return await server.finish(visit.request, uid, { kind: 'granted', userId: user.id, grantId })
  } catch (error) {
    // Between the look and the record a CA was revoked, or the user lost a right.
    if (isPkiError(error) && changedMeanwhile.includes(error.code)) {
      return server.finish(visit.request, uid, { kind: 'denied' })
    }
    throw error
  }
}

const changedMeanwhile: readonly string[] = [
  'ca_not_found',
  'member_not_found',
  'oauth_client_not_found',
  'permission_denied',
]

/** Browsers say where a form comes from (RFC 6454 §7); the token tells the rest. */
function isOwnOrigin(request: Request, { issuer }: Settings): boolean {
  const origin = request.headers.get('origin')
  return origin === null || origin === new URL(issuer).origin
}
