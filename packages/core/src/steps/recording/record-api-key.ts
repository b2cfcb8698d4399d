import type { EventType } from '../../ports/events.js'
import type { ApiKey } from '../../ports/records.js'
import type { ApiKeyChange } from '../../ports/access-storage.js'
import type { StorageTransaction } from '../../ports/storage.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents } from './append-events.js'
import { transact } from './transact.js'

const eventOfChange: Record<ApiKeyChange['kind'], EventType> = {
  name: 'api_key.renamed',
  expiry: 'api_key.expiry_changed',
  secret: 'api_key.rotated',
  revocation: 'api_key.revoked',
}

export const recordApiKey = (apiKey: ApiKey, principal: Principal, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertApiKey(apiKey)
    await appendEvents(
      tx,
      [
        {
          type: 'api_key.created',
          at: apiKey.createdAt,
          actor: actorOf(principal),
          workspaceId: apiKey.workspaceId,
          subjectId: apiKey.id,
          details: { name: apiKey.name, prefix: apiKey.prefix, cas: apiKey.grants.size },
        },
      ],
      deps,
    )
  })

/** No event: it changes nothing, and every request would tell of itself. */
export const recordApiKeyUse = (
  apiKeyId: string,
  usedAt: Date,
  unlessAfter: Date,
  deps: Deps,
): Promise<void> => transact(deps.storage, (tx) => tx.markApiKeyUsed(apiKeyId, usedAt, unlessAfter))

/** When, and by whom. */
export interface Doing {
  readonly at: Date
  readonly principal: Principal
}

/** @returns false, and nothing is written, where the key is not what the caller saw */
export const recordApiKeyChange = (
  apiKey: ApiKey,
  change: ApiKeyChange,
  doing: Doing,
  deps: Deps,
): Promise<boolean> => transact(deps.storage, (tx) => changeApiKey(tx, apiKey, change, doing, deps))

/** The same in a transaction that does more. */
export async function changeApiKey(
  tx: StorageTransaction,
  apiKey: ApiKey,
  change: ApiKeyChange,
  { at, principal }: Doing,
  deps: Deps,
): Promise<boolean> {
  if (!(await tx.changeApiKey(apiKey.id, change))) return false
  await appendEvents(
    tx,
    [
      {
        type: eventOfChange[change.kind],
        at,
        actor: actorOf(principal),
        workspaceId: apiKey.workspaceId,
        subjectId: apiKey.id,
        details: { name: change.kind === 'name' ? change.name : apiKey.name },
      },
    ],
    deps,
  )
  return true
}
