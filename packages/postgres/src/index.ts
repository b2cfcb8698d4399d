export {
  type Executor,
  fromClient,
  fromPool,
  type PgOptions,
  type Row,
  type TransactingExecutor,
} from './executor.js'
export { postgresKeyStore } from './key-store.js'
export { migrate, type MigrateOptions, type Migration } from './migrate.js'
export { postgresStorage, type PostgresOptions } from './postgres-storage.js'
export { type PostgresRateLimitStore, postgresRateLimitStore } from './rate-limit-store.js'
