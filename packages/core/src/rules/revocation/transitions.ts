import type { CrlReason } from '../../x509/crl-reason.js'

/*
 * What may happen to the status of a certificate (RFC 5280 §5.3.1). Revocation is final: a relying party that
 * has seen it may rely on it. A hold is the one exception; from it a certificate can be revoked for good.
 */

/** `held`: on the CRL with the reason certificateHold. */
export type RevocationState = 'good' | 'held' | 'revoked'

/**
 * The reasons that a request can give. Of those in RFC 5280 §5.3.1, removeFromCRL is not one: it is how a
 * delta CRL says that a hold has ended. aACompromise concerns attribute certificates.
 */
export type SettableReason = Exclude<CrlReason, 'removeFromCRL' | 'aACompromise'>

/** What is revoked. The certificates that have been issued stand on a CRL of their issuer, as CAs stand on their parent's. */
export type RevocationSubject = 'certificate' | 'ca'

/**
 * Which reason fits what. caCompromise says that the key of a CA is in other hands; the documented API takes
 * it for every certificate, since the compromise of an issuer is a reason to revoke what it issued.
 *
 * A CA is not put on hold: everything below it would be in doubt with it, and no way back is offered.
 */
const reasonFits: Readonly<Record<SettableReason, Readonly<Record<RevocationSubject, boolean>>>> = {
  unspecified: { certificate: true, ca: true },
  keyCompromise: { certificate: true, ca: true },
  caCompromise: { certificate: true, ca: true },
  affiliationChanged: { certificate: true, ca: true },
  superseded: { certificate: true, ca: true },
  cessationOfOperation: { certificate: true, ca: true },
  certificateHold: { certificate: true, ca: false },
  privilegeWithdrawn: { certificate: true, ca: true },
}

// The keys are the settable reasons: the type of the table says so.
export const settableReasons = Object.keys(reasonFits) as readonly SettableReason[]

const transitionAllowed: Readonly<Record<RevocationState, Readonly<Record<'held' | 'revoked', boolean>>>> = {
  good: { held: true, revoked: true },
  held: { held: false, revoked: true },
  revoked: { held: false, revoked: false },
}

export type TransitionVerdict =
  | { readonly ok: true; readonly to: 'held' | 'revoked' }
  | {
      readonly ok: false
      readonly fault: 'already_revoked' | 'transition_refused'
      readonly to: 'held' | 'revoked'
      /** A sentence without its action: "the certificate is revoked already". */
      readonly message: string
    }

/** The state that a record tells of. */
export function revocationState(record: {
  readonly revokedAt?: Date | undefined
  readonly revocationReason?: CrlReason | undefined
}): RevocationState {
  if (record.revokedAt === undefined) return 'good'
  return record.revocationReason === 'certificateHold' ? 'held' : 'revoked'
}

/** Whether a certificate in this state may be revoked for this reason, and which state that would be. */
export function checkTransition(
  current: { readonly subject: RevocationSubject; readonly state: RevocationState },
  reason: SettableReason,
): TransitionVerdict {
  const { subject, state } = current
  const to = reason === 'certificateHold' ? 'held' : 'revoked'
  if (state === 'revoked') {
    return {
      ok: false,
      fault: 'already_revoked',
      to,
      message: `the ${subject === 'ca' ? 'CA' : subject} is revoked already`,
    }
  }
  if (!reasonFits[reason][subject]) {
    return {
      ok: false,
      fault: 'transition_refused',
      to,
      message: 'a CA cannot be put on hold; give another reason',
    }
  }
  if (!transitionAllowed[state][to]) {
    return { ok: false, fault: 'transition_refused', to, message: 'the certificate is on hold already' }
  }
  return { ok: true, to }
}
