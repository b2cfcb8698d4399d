import type { CrlSummary } from '../../ports/records.js'

/** What is known of a list when somebody asks for it. */
export interface ListState {
  readonly latest?: CrlSummary | undefined
  /** Entries of the status log now. */
  readonly revocationCount: number
}

/** One from the future means that the clock was set back: it is left. */
export const isOlderThan = ({ thisUpdate }: CrlSummary, seconds: number, now: Date): boolean =>
  now.getTime() - thisUpdate.getTime() >= seconds * 1000

export const coversAll = ({ latest, revocationCount }: ListState): boolean =>
  latest !== undefined && latest.revocationCount >= revocationCount
