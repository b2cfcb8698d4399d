import type { Actor, EventType } from '../../ports/events.js'
import type { StorageTransaction } from '../../ports/storage.js'
import type { Principal } from '../../rules/permission/principal.js'
import { type Deps, newId } from '../deps.js'

/** What happened, as the audit log and the outbox tell it. */
export interface Happening {
  readonly type: EventType
  readonly at: Date
  readonly actor: Actor
  readonly workspaceId?: string
  readonly subjectId: string
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export const actorOf = (principal: Principal): Actor => ({ kind: principal.kind, id: principal.id })

/** Both events of each change, in the change's own transaction. */
export function appendEvents(
  tx: StorageTransaction,
  happenings: readonly Happening[],
  deps: Deps,
): Promise<void> {
  const audit = happenings.map(({ details = {}, ...told }) => ({ id: newId(deps), ...told, details }))
  const outbox = happenings.map(({ details: _details, actor: _actor, ...published }) => ({
    id: newId(deps),
    ...published,
  }))
  return tx.appendEvents({ audit, outbox })
}
