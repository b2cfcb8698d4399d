import { PkiError } from '../../errors/pki-error.js'
import type { TransitionVerdict } from '../../rules/revocation/transitions.js'

/** The verdict of the table of transitions, as an error for whoever asked. */
export function transitionRefused(
  current: { readonly id: string; readonly state: string; readonly revokedAt?: Date | undefined },
  verdict: Extract<TransitionVerdict, { ok: false }>,
): PkiError<'already_revoked' | 'transition_refused'> {
  const message = `Cannot revoke: ${verdict.message}`
  if (verdict.fault === 'already_revoked' && current.revokedAt !== undefined) {
    const { id, revokedAt } = current
    return new PkiError('already_revoked', message, { certificateId: id, revokedAt })
  }
  return new PkiError('transition_refused', message, { from: current.state, to: verdict.to })
}
