import type { CrlSummary } from '../../ports/records.js'

/** One from the future means that the clock was set back: it is left. */
export const isOlderThan = ({ thisUpdate }: CrlSummary, seconds: number, now: Date): boolean =>
  now.getTime() - thisUpdate.getTime() >= seconds * 1000
