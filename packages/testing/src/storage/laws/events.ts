import type { Storage } from '@certwright/core'
import { assertEqual, rejectionOf } from '../assertions.js'
import { auditEvent, id, outboxEvent, write } from '../records.js'
import { laws } from '../storage-law.js'

const names = ['e1', 'e2', 'e3']

const append = (storage: Storage, name: string) =>
  write(storage, (tx) => tx.appendEvents({ audit: [auditEvent(name)], outbox: [outboxEvent(name)] }))

const outboxIds = async (storage: Storage, limit = 10): Promise<string[]> =>
  (await storage.listOutboxEvents(limit)).map((event) => event.id)

export const events = [
  ...laws('audit events', {
    'are listed oldest first, filtered, up to the limit': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        // Ids do not tell the order.
        for (const name of ['e3', 'e1', 'e2'])
          await tx.appendEvents({ audit: [auditEvent(name)], outbox: [] })
        await tx.appendEvents({ audit: [{ ...auditEvent('e4'), workspaceId: id('w2') }], outbox: [] })
      })
      const ids = async (filter: { workspaceId?: string; subjectId?: string }, limit: number) =>
        (await storage.listAuditEvents(filter, limit)).map((event) => event.id)
      assertEqual(await ids({}, 2), [id('e3'), id('e1')])
      assertEqual(await ids({ workspaceId: id('w2') }, 2), [id('e4')])
      assertEqual(await ids({ workspaceId: id('w1'), subjectId: id('s-e2') }, 2), [id('e2')])
      assertEqual(await ids({ workspaceId: id('w2'), subjectId: id('s-e2') }, 2), [])
    },
  }),

  ...laws('the outbox', {
    'lists what is not acknowledged, oldest first, and ignores unknown ids': async ({ storage }) => {
      for (const name of names) await append(storage, name)
      const acknowledged = [id('e2'), id('unknown'), id('e2')]
      await write(storage, (tx) => tx.acknowledgeOutboxEvents(acknowledged))
      assertEqual(await outboxIds(storage), [id('e1'), id('e3')])
      assertEqual(await outboxIds(storage, 1), [id('e1')])
      await write(storage, (tx) => tx.acknowledgeOutboxEvents([]))
      assertEqual(await outboxIds(storage), [id('e1'), id('e3')])
    },

    'forgets nothing but what was acknowledged: the last alone': async ({ storage }) => {
      for (const name of names) await append(storage, name)
      await write(storage, (tx) => tx.acknowledgeOutboxEvents([id('e3')]))
      assertEqual(await outboxIds(storage), [id('e1'), id('e2')])
    },

    'keeps what was acknowledged in a transaction that failed': async ({ storage }) => {
      await append(storage, 'e1')
      const failed = storage.transaction(async (tx) => {
        await tx.acknowledgeOutboxEvents([id('e1')])
        throw new Error('no')
      })
      await rejectionOf(failed)
      assertEqual(await outboxIds(storage), [id('e1')])
    },

    'tells nothing of a transaction that failed, and everything of one that did not': async ({ storage }) => {
      const failed = storage.transaction(async (tx) => {
        await tx.appendEvents({ audit: [], outbox: [outboxEvent('e1')] })
        throw new Error('no')
      })
      await rejectionOf(failed)
      assertEqual(await outboxIds(storage), [])
      await append(storage, 'e2')
      assertEqual(await storage.listOutboxEvents(10), [outboxEvent('e2')])
    },
  }),
]
