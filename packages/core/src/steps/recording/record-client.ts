import type { OAuthClient } from '../../ports/access-records.js'
import type { EventType } from '../../ports/events.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents, type Happening } from './append-events.js'
import type { Doing } from './record-api-key.js'
import { transact } from './transact.js'

export const recordClient = (client: OAuthClient, doing: Doing, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertOAuthClient(client)
    await appendEvents(tx, [happening('oauth_client.created', client, doing)], deps)
  })

/** @returns false, and nothing is written, where the secret is not the one that the caller saw */
export const recordClientSecret = (
  client: OAuthClient,
  secret: { readonly replaces: string; readonly secretHash: string },
  doing: Doing,
  deps: Deps,
): Promise<boolean> =>
  transact(deps.storage, async (tx) => {
    if (!(await tx.replaceOAuthClientSecret(client.id, secret))) return false
    await appendEvents(tx, [happening('oauth_client.secret_rotated', client, doing)], deps)
    return true
  })

/**
 * The client and all of its grants. A public client may have thousands: they are told as one number.
 *
 * @returns how many grants were live; `undefined`, and nothing is written, where the client is gone
 */
export const recordClientDeletion = (
  client: OAuthClient,
  doing: Doing,
  deps: Deps,
): Promise<number | undefined> =>
  transact(deps.storage, async (tx) => {
    // The client first: who makes a grant holds it, and so comes before this or finds it gone.
    if (!(await tx.deleteOAuthClient(client.id))) return undefined
    const grants = await tx.revokeOAuthGrants({ clientId: client.id }, doing.at)
    await appendEvents(tx, [happening('oauth_client.deleted', client, doing, { grants })], deps)
    return grants
  })

const happening = (
  type: EventType,
  { id, name, kind, workspaceId }: OAuthClient,
  { at, principal }: Doing,
  details: Happening['details'] = {},
): Happening => ({
  type,
  at,
  actor: actorOf(principal),
  ...(workspaceId !== undefined && { workspaceId }),
  subjectId: id,
  details: { name, kind, ...details },
})
