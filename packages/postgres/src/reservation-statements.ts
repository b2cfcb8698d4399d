import type { Statement } from './statement.js'

/**
 * Close reservations that are open; those that are not stay as they are. The answer has a row for each that is closed.
 *
 * `state = 'open'` would be the condition of the index of those that are open: small as it is, it looks cheaper than the
 * index of the ids, and a scan of it meets all that were open since the last vacuum. With IS NOT DISTINCT FROM it is no
 * candidate.
 */
export function closeOf(ids: readonly string[], state: 'recorded' | 'abandoned'): Statement {
  const sql = `
    UPDATE @reservations AS r SET state = $1 FROM (SELECT unnest($3::text[]) AS id LIMIT $4) AS asked
    WHERE r.id = asked.id AND r.state IS NOT DISTINCT FROM $2 RETURNING 1`
  return { sql, values: [state, 'open', ids, ids.length], isKept: true }
}
