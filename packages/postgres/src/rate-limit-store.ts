import { integer } from '@certwright/sql'
import { deleteEnded } from './delete-ended.js'
import type { Executor } from './executor.js'
import { defaultSchema, quotedSchema } from './schema-name.js'
import { Session } from './session.js'
import { StatementTexts } from './statement.js'

/** As `@certwright/http` takes it: `rateLimits.store`. */
export interface PostgresRateLimitStore {
  hit(key: string): Promise<{ readonly count: number; readonly resetMilliseconds: number }>
}

/** Windows that ended and are deleted when a new one begins: more than the one that is added. */
const collectedPerWindow = 4

/** Milliseconds since 1970 by the clock of the database: processes need not agree on the time. */
const now = '(extract(epoch FROM statement_timestamp()) * 1000)::bigint'
const isOver = `held.ends_at <= ${now}`
const end = `${now} + 60000`

/**
 * Counts that all processes share, in windows of one minute: one statement for each request. The table is not logged,
 * so that a count costs no write to disk; it is empty after a crash of the server, and on a standby.
 *
 * @param executor of the schema that `migrate` has made
 */
export function postgresRateLimitStore(
  executor: Executor,
  { schema = defaultSchema }: { readonly schema?: string } = {},
): PostgresRateLimitStore {
  const session = new Session(executor, new StatementTexts(quotedSchema(schema)))
  return {
    async hit(key) {
      const sql = `
        INSERT INTO @rate_windows AS held (key, hits, ends_at) VALUES ($1, 1, ${end})
        ON CONFLICT (key) DO UPDATE SET
          hits = CASE WHEN ${isOver} THEN 1 ELSE held.hits + 1 END,
          ends_at = CASE WHEN ${isOver} THEN ${end} ELSE held.ends_at END
        RETURNING hits, ends_at - ${now} AS remaining`
      const [row] = await session.allKept(sql, key)
      if (row === undefined) throw new TypeError('hit: the database has answered nothing')
      const count = integer(row, 'hits')
      if (count === 1) await session.write(collected)
      return { count, resetMilliseconds: integer(row, 'remaining') }
    },
  }
}

const collected = deleteEnded({
  table: 'rate_windows',
  end: 'ends_at',
  condition: `ends_at <= ${now}`,
  limit: collectedPerWindow,
})
