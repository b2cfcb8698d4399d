import type { BackgroundFailure } from '@certwright/core'
import { warn } from '../say.js'

/** What fails where no caller waits for it, in a sentence on stderr. */
export function warnOfFailure(failure: BackgroundFailure): void {
  const subject =
    failure.task === 'key use'
      ? `use of API key ${failure.apiKeyId}`
      : `${failure.task} of CA ${failure.caId}`
  warn(`${subject}: ${String(failure.error)}`)
}
