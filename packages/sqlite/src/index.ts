export { sqliteStorage, type SqliteStorage } from './sqlite-storage.js'
