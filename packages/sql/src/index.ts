export * from './partition.js'
export * from './records.js'
export * from './values.js'
export type { Row } from './row.js'
