import { createRequire } from 'node:module'

/** The part of libsql that is used. */
export interface Libsql {
  exec(sql: string): void
  prepare(sql: string): { run(...values: unknown[]): void }
  close(): void
}

/** The very libsql that the adapter uses. */
export function openLibsql(path: string): Libsql {
  const require = createRequire(import.meta.url)
  const Database = createRequire(require.resolve('@certwright/sqlite'))('libsql') as new (
    path: string,
  ) => Libsql
  return new Database(path)
}
