import type { CrlRecord } from './records.js'

/**
 * Where lists go besides the records: a folder, object storage, a CDN. Called after the list is recorded; what it throws
 * is reported (`onBackgroundFailure`), and the next list is handed out all the same. Lists of one CA may come out of
 * order from several processes: keep the one with the higher number.
 */
export interface CrlPublisher {
  publish(crl: CrlRecord): Promise<void>
}
