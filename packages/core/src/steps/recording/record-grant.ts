import type { Membership, OAuthClient, OAuthGrant } from '../../ports/access-records.js'
import type { StorageTransaction } from '../../ports/storage.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents } from './append-events.js'
import type { Doing } from './record-api-key.js'
import { transact } from './transact.js'

/**
 * Keep a grant, if it may be given as things stand in the transaction that keeps it: a member who is removed at the same
 * moment has none.
 *
 * @param check refuses by throwing
 */
export const recordGrant = (
  grant: OAuthGrant,
  check: (client: OAuthClient | undefined, membership: Membership | undefined) => void,
  { at, principal }: Doing,
  deps: Deps,
): Promise<void> =>
  transact(deps.storage, async (tx) => {
    check(await tx.findOAuthClient(grant.clientId), await tx.findMembership(grant.workspaceId, grant.userId))
    await tx.insertOAuthGrant(grant)
    await appendEvents(
      tx,
      [
        {
          type: 'oauth_grant.created',
          at,
          actor: actorOf(principal),
          workspaceId: grant.workspaceId,
          subjectId: grant.id,
          details: { clientId: grant.clientId, userId: grant.userId, cas: grant.rights.size },
        },
      ],
      deps,
    )
  })

/** @returns false, and nothing is written, where it was revoked before */
export const recordGrantRevocation = (grant: OAuthGrant, doing: Doing, deps: Deps): Promise<boolean> =>
  transact(deps.storage, (tx) => revokeGrantIn(tx, grant, doing, deps))

/** The same in a transaction that does more. */
export async function revokeGrantIn(
  tx: StorageTransaction,
  grant: OAuthGrant,
  { at, principal }: Doing,
  deps: Deps,
): Promise<boolean> {
  if ((await tx.revokeOAuthGrants({ grantId: grant.id }, at)) === 0) return false
  await appendEvents(
    tx,
    [
      {
        type: 'oauth_grant.revoked',
        at,
        actor: actorOf(principal),
        workspaceId: grant.workspaceId,
        subjectId: grant.id,
        details: { clientId: grant.clientId, userId: grant.userId },
      },
    ],
    deps,
  )
  return true
}
