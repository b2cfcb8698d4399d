import type { CrlReason } from '../../x509/crl-reason.js'

/*
 * What may happen to the status of a certificate (RFC 5280 §5.3.1). Revocation is final: a relying party that
 * has seen it may rely on it. A hold is the one exception: it ends, or the certificate is revoked for good.
 */

/** `held`: on the CRL with the reason certificateHold. */
export type RevocationState = 'good' | 'held' | 'revoked'

/**
 * The reasons that a request can give. Of those in RFC 5280 §5.3.1, removeFromCRL is not one: it is how the log and a
 * delta CRL say that a hold has ended. aACompromise concerns attribute certificates.
 */
export type SettableReason = Exclude<CrlReason, 'removeFromCRL' | 'aACompromise'>

/** What can be entered into the status log. `removeFromCRL` ends a hold. */
export type StatusChange = SettableReason | 'removeFromCRL'

/**
 * What is revoked. The certificates that have been issued stand on a CRL of their issuer, as CAs stand on their parent's.
 * `unsuspendable`: a certificate whose profile does not let it be put on hold. `reservation`: a serial number without a
 * certificate.
 */
export type RevocationSubject = 'certificate' | 'unsuspendable' | 'ca' | 'reservation'

/**
 * Which reason fits what. caCompromise says that the key of a CA is in other hands; the documented API takes
 * it for every certificate, since the compromise of an issuer is a reason to revoke what it issued.
 *
 * A CA is not put on hold: everything below it would be in doubt with it. Nor is what browsers trust (Baseline
 * Requirements §4.9.13). Nor is a reservation: of what profile its certificate would be is not known, and there is nothing
 * to end the hold of.
 */
const reasonFits: Readonly<Record<StatusChange, Readonly<Record<RevocationSubject, boolean>>>> = {
  unspecified: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  keyCompromise: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  caCompromise: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  affiliationChanged: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  superseded: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  cessationOfOperation: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  certificateHold: { certificate: true, unsuspendable: false, ca: false, reservation: false },
  privilegeWithdrawn: { certificate: true, unsuspendable: true, ca: true, reservation: true },
  // From a hold that there is, under whatever profile.
  removeFromCRL: { certificate: true, unsuspendable: true, ca: true, reservation: true },
}

const isSettable = (change: string): change is SettableReason => change !== 'removeFromCRL'

// The keys are the settable reasons and one more: the type of the table says so.
export const settableReasons: readonly SettableReason[] = Object.keys(reasonFits).filter(isSettable)

const transitionAllowed: Readonly<Record<RevocationState, Readonly<Record<RevocationState, boolean>>>> = {
  good: { good: false, held: true, revoked: true },
  held: { good: true, held: false, revoked: true },
  revoked: { good: false, held: false, revoked: false },
}

const names: Readonly<Record<RevocationSubject, string>> = {
  certificate: 'certificate',
  unsuspendable: 'certificate',
  ca: 'CA',
  reservation: 'serial number',
}

export type TransitionVerdict =
  | { readonly ok: true; readonly to: RevocationState }
  | {
      readonly ok: false
      readonly fault: 'already_revoked' | 'transition_refused'
      readonly to: RevocationState
      /** A sentence without its action: "the certificate is revoked already". */
      readonly message: string
    }

/** The state that the last entry of the status log, or a record, tells of. */
export function revocationState(record: {
  readonly revokedAt?: Date | undefined
  readonly revocationReason?: CrlReason | undefined
}): RevocationState {
  return record.revokedAt === undefined ? 'good' : stateAfter(record.revocationReason ?? 'unspecified')
}

/** The state that an entry of the status log leads to. */
export function stateAfter(reason: CrlReason): RevocationState {
  if (reason === 'removeFromCRL') return 'good'
  return reason === 'certificateHold' ? 'held' : 'revoked'
}

/** Whether the status may change in this way, and which state that would be. */
export function checkTransition(
  current: { readonly subject: RevocationSubject; readonly state: RevocationState },
  change: StatusChange,
): TransitionVerdict {
  const { subject, state } = current
  const to = stateAfter(change)
  if (state === 'revoked')
    return { ok: false, fault: 'already_revoked', to, message: `the ${names[subject]} is revoked already` }
  if (!reasonFits[change][subject])
    return { ok: false, fault: 'transition_refused', to, message: cannotHold(subject) }
  if (!transitionAllowed[state][to]) {
    const message = `the ${names[subject]} is ${state === 'held' ? 'on hold already' : 'not on hold'}`
    return { ok: false, fault: 'transition_refused', to, message }
  }
  return { ok: true, to }
}

const cannotHold = (subject: RevocationSubject): string => `${holdRefusals[subject]}; give another reason`

const holdRefusals: Readonly<Record<RevocationSubject, string>> = {
  certificate: 'the certificate cannot be put on hold',
  unsuspendable: 'the profile of the certificate does not let it be put on hold',
  ca: 'a CA cannot be put on hold',
  reservation: 'a serial number without a certificate cannot be put on hold',
}
