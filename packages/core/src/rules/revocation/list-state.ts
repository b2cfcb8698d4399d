import type { CrlSummary } from '../../ports/records.js'

/** What is known of a list when somebody asks for it. */
export interface ListState {
  readonly latest?: CrlSummary | undefined
  /** Entries of the status log now. */
  readonly revocationCount: number
}

/** Whether a part of the life of a list is over. One from the future means that the clock was set back: it is left. */
export function growsOld({ thisUpdate, nextUpdate }: CrlSummary, now: Date, share: number): boolean {
  const age = now.getTime() - thisUpdate.getTime()
  return age >= (nextUpdate.getTime() - thisUpdate.getTime()) * share
}

export const coversAll = ({ latest, revocationCount }: ListState): boolean =>
  latest !== undefined && latest.revocationCount >= revocationCount
