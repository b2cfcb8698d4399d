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

/** Both events of one change, in the change's own transaction. */
export async function appendEvents(tx: StorageTransaction, happening: Happening, deps: Deps): Promise<void> {
  const { details = {}, ...told } = happening
  const { actor: _actor, ...published } = told
  await tx.appendAuditEvent({ ...told, id: newId(deps), details })
  await tx.appendOutboxEvent({ ...published, id: newId(deps) })
}
