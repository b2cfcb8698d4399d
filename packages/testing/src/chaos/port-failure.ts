import { PkiError } from '@certwright/core'
import type { PortCall } from './observe-ports.js'

/**
 * What a port says when it fails, as its contract has it: a signature of which nothing was heard is "outcome unknown",
 * everything else is "unavailable" and may be tried again.
 */
export function portFailure({ name, when }: PortCall): Error {
  const retryable = { retryable: true }
  if (name === 'custody.sign' && when === 'after') {
    return new PkiError('custody_outcome_unknown', 'Cannot sign: the answer was lost', { keyId: '' })
  }
  if (name.startsWith('custody.')) {
    return new PkiError('custody_unavailable', 'Cannot use custody: the connection is lost', retryable)
  }
  if (name.startsWith('clock.') || name.startsWith('random.')) {
    return new Error(`Cannot call ${name}: the process is dead`)
  }
  return new PkiError('storage_unavailable', 'Cannot use store: the connection is lost', retryable)
}
