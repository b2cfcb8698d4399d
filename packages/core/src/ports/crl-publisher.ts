import type { CrlRecord } from './records.js'

/**
 * Where lists go besides the records: a folder, object storage, a CDN. Called after the list is recorded, at least once:
 * what it throws is reported (`onBackgroundFailure`), and `publishDueCrls` tries again until it succeeds or there is a
 * newer list. Lists of one CA may come out of order, and twice, from several processes: keep the one with the higher number.
 */
export interface CrlPublisher {
  publish(crl: CrlRecord): Promise<void>
}
