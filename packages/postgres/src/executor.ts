/** A row by column, as drivers give it. */
export type Row = Readonly<Record<string, unknown>>

/** What runs one statement: a connection, or a pool of them. Small, so that any driver can be put behind it. */
export interface Executor {
  /**
   * @param text with `$1`, `$2` … for the values
   * @param name under which the connection may keep it prepared: the same text has always the same; a driver that cannot
   *   leaves it out
   * @returns the rows, and how many a write has changed
   */
  query(
    text: string,
    values: readonly unknown[],
    name?: string,
  ): Promise<{ rows: readonly Row[]; rowCount: number }>
}

export interface TransactingExecutor extends Executor {
  /** BEGIN, `work` on one connection, COMMIT; ROLLBACK where it rejects. READ COMMITTED, the default, is enough. */
  transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T>
}

/** The part of `pg`'s Client that is used. */
interface PgClient {
  query(
    statement: string | { text: string; values: unknown[]; name?: string },
  ): Promise<{ rows: Row[]; rowCount: number | null }>
}

interface PgPoolClient extends PgClient {
  release(error?: Error | boolean): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/** The part of `pg`'s Pool that is used. */
interface PgPool extends PgClient {
  connect(): Promise<PgPoolClient>
}

export interface PgOptions {
  /**
   * Keep the statements of every issuance prepared on each connection, which is what makes them fast. `false` for a pooler
   * that hands connections round between transactions and does not know prepared statements: PgBouncer before 1.21, or
   * with `max_prepared_statements = 0`. Default: true.
   */
  readonly prepare?: boolean
}

/** A connection of `pg` that the host has opened a transaction on: for `issue(request, { tx: fromClient(client) })`. */
export const fromClient = (client: PgClient, { prepare = true }: PgOptions = {}): Executor => ({
  async query(text, values, name) {
    const statement = { text, values: [...values] }
    const { rows, rowCount } = await client.query(prepare && name ? { name, ...statement } : statement)
    return { rows, rowCount: rowCount ?? 0 }
  },
})

/** The host's own Pool of `pg`. Who made it ends it, and listens to its `error` event. */
export const fromPool = (pool: PgPool, options: PgOptions = {}): TransactingExecutor => ({
  ...fromClient(pool, options),
  async transaction(work) {
    const client = await pool.connect()
    // A connection that breaks says so twice: to the statement that runs, and as an event that would end the process.
    client.on('error', ignore)
    // A connection that failed is not given back: nobody knows what state it is in.
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const result = await work(fromClient(client, options))
      await client.query('COMMIT')
      return result
    } catch (error) {
      broken = await rollBack(client)
      throw error
    } finally {
      client.off('error', ignore)
      client.release(broken)
    }
  },
})

const ignore = (): void => undefined

async function rollBack(client: PgClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('ROLLBACK failed')
  }
}
