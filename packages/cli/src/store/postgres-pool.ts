import type { Pool } from 'pg'

/** Connections of one process: Postgres allows 100 in all, unless it is told otherwise. */
const maximumConnections = 16

/** Milliseconds until a server that does not answer counts as one that is not there. */
const connectionTimeout = 10_000

/** Loaded when it is asked for: most who run the command have no Postgres. */
export async function postgresPool(url: string): Promise<Pool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: maximumConnections,
    connectionTimeoutMillis: connectionTimeout,
    application_name: 'certwright',
  })
  // A connection that nobody uses broke: the next call opens another, or says what is wrong.
  pool.on('error', () => undefined)
  return pool
}
