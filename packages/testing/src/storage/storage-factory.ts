import type { Storage } from '@certwright/core'

/** How the kit gets a store, empty, for each law anew. */
export interface StorageFactory {
  readonly open: () => Promise<OpenedStorage>
  /**
   * What the store cannot offer, and why: the laws that need it are skipped with this reason. A need that is neither met
   * nor named here fails.
   */
  readonly lacks?: Partial<Readonly<Record<StorageNeed, string>>>
}

/**
 * What some laws need beyond the port.
 *
 * - `probe`: a look at the rows that does not pass through the adapter
 * - `processes`: other processes that open the same store
 * - `driver`: a database driver below the adapter, whose errors become the `cause`
 */
export type StorageNeed = 'probe' | 'processes' | 'driver'

export interface OpenedStorage {
  readonly storage: Storage
  readonly probe?: StorageProbe
  readonly otherProcess?: OtherProcess
  /** Let go of the store and remove it. Every law ends with it, also one that fails. */
  readonly close: () => Promise<void>
}

/** Raw SQL through a connection of its own, or whatever else the adapter has no part in. */
export interface StorageProbe {
  /** How many rows are committed. */
  countRows(kind: ProbedRows): Promise<number>
  /** The bytes of a certificate as they lie in the database. */
  certificateDer(certificateId: string): Promise<Uint8Array | undefined>
}

/** `revocations`: entries of the status log, those that were replaced included. */
export type ProbedRows =
  | 'workspaces'
  | 'cas'
  | 'certificates'
  | 'reservations'
  | 'revocations'
  | 'auditEvents'
  | 'outboxEvents'

/** A program that opens the same store: see `actAsOtherProcess`. */
export interface OtherProcess {
  /** Path or file URL of a module for Node. */
  readonly module: string | URL
  /** What the module needs to find the store, as one argument of the command line. */
  readonly argument: string
}
