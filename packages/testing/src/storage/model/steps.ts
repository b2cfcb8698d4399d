import {
  type CrlReason,
  crlReasonNumbers,
  type IdempotencyRecord,
  type StorageConstraint,
  type StorageTransaction,
} from '@certwright/core'
import {
  certificate,
  id,
  idempotencyRecord,
  outboxEvent,
  reservation,
  revocation,
  serial,
} from '../records.js'
import { claimOf, lastEntry, type Model, withClaim } from './model.js'

/* The writes of the model-based law. Each says what it does to a transaction, and what it does to the model. */

export interface Step {
  readonly name: string
  /** @param model as it is before the step */
  run(tx: StorageTransaction, model: Model): Promise<unknown>
  expect(model: Model): Expectation
}

/** The answer that must come and the model that must follow, or the constraints that refuse the whole transaction. */
export type Expectation =
  | { readonly answer: unknown; readonly next: Model }
  | { readonly refusedBy: readonly StorageConstraint[] }

/** Small, so that steps meet. */
export interface Choice {
  readonly serial: number
  readonly other: number
  readonly isHold: boolean
  readonly seconds: number
}

const caId = id('ca1')
const serialOf = (n: number) => serial(`0${n}`)
const idOf = (n: number): string => id(`r${n}`)
const keyHashOf = (n: number): string => `0${n}`.repeat(32)

/** Seconds of a lease: a few steps of the clock. */
const lease = 3

const later = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000)

const reserve = (n: number, reservationName: number): Step => {
  const made = reservation({ id: idOf(reservationName), caId, serialNumber: serialOf(n) })
  return {
    name: `reserve ${n} as ${reservationName}`,
    run: (tx) => tx.insertReservations([made]),
    expect(model) {
      const taken = (is: (other: typeof made) => boolean) =>
        model.reservations.some((row) => is(row.reservation))
      const refusedBy: StorageConstraint[] = []
      if (taken((other) => other.serialNumber === made.serialNumber)) refusedBy.push('serial_number')
      if (taken((other) => other.id === made.id)) refusedBy.push('reservation_id')
      if (refusedBy.length > 0) return { refusedBy }
      const row = { reservation: made, state: 'open' } as const
      return { answer: undefined, next: { ...model, reservations: [...model.reservations, row] } }
    },
  }
}

const isOpen =
  (reservationId: string) =>
  ({ reservation, state }: Model['reservations'][number]): boolean =>
    reservation.id === reservationId && state === 'open'

const close = (n: number, state: 'recorded' | 'abandoned'): Step => ({
  name: `close ${n} as ${state}`,
  run: (tx) => tx.closeReservations([idOf(n)], state),
  expect(model) {
    const isMeant = isOpen(idOf(n))
    const reservations = model.reservations.map((row) => (isMeant(row) ? { ...row, state } : row))
    return { answer: model.reservations.filter(isMeant).length, next: { ...model, reservations } }
  },
})

const record = (n: number): Step => {
  const made = certificate({ id: idOf(n), caId, serialNumber: serialOf(n) })
  return {
    name: `record ${n}`,
    run: (tx) => tx.insertCertificates([made]),
    expect(model) {
      if (model.certificates.has(made.id)) return { refusedBy: ['certificate_id'] }
      return {
        answer: undefined,
        next: { ...model, certificates: new Set([...model.certificates, made.id]) },
      }
    },
  }
}

const archive = (n: number): Step => ({
  name: `archive ${n}`,
  run: (tx) => tx.archiveCertificates([idOf(n)]),
  expect(model) {
    const archived = idOf(n)
    if (!model.certificates.has(archived)) return { answer: [], next: model }
    const certificates = new Set([...model.certificates].filter((one) => one !== archived))
    const reservations = model.reservations.map((row) =>
      row.reservation.id === archived ? { ...row, state: 'archived' as const } : row,
    )
    return { answer: [archived], next: { ...model, reservations, certificates } }
  },
})

const revoke = (n: number, reason: CrlReason, replacesHold: boolean): Step => {
  const entry = revocation({
    caId,
    serialNumber: serialOf(n),
    reason,
    entryDer: Uint8Array.of(n, crlReasonNumbers[reason]),
  })
  return {
    name: `revoke ${n} (${reason}${replacesHold ? ', replaces a hold' : ''})`,
    run: (tx) => tx.insertRevocation(entry, { id: id('unknown'), replacesHold }),
    expect(model) {
      const seen = lastEntry(model, entry.serialNumber)?.reason
      const isGood = seen === undefined || seen === 'removeFromCRL'
      const isAsSeen = replacesHold ? seen === 'certificateHold' : isGood
      return { answer: isAsSeen, next: isAsSeen ? { ...model, log: [...model.log, entry] } : model }
    },
  }
}

const takeCrlNumber: Step = {
  name: 'take a CRL number',
  run: (tx) => tx.nextCrlNumber(caId),
  expect(model) {
    const crlNumber = model.crlNumber + 1
    return { answer: crlNumber, next: { ...model, crlNumber } }
  },
}

const claimRecord = (key: number, holder: number, liveUntil: Date): IdempotencyRecord =>
  idempotencyRecord({ keyHash: keyHashOf(key), certificateId: idOf(holder), liveUntil })

const claim = (key: number, holder: number): Step => ({
  name: `claim key ${key} for ${holder}`,
  run: (tx, { now }) => tx.claimIdempotencyKey(claimRecord(key, holder, later(now, lease)), now),
  expect(model) {
    const standing = claimOf(model, keyHashOf(key))
    const record = claimRecord(key, holder, later(model.now, lease))
    return { answer: standing, next: standing ? model : withClaim(model, record.keyHash, record) }
  },
})

const release = (key: number, holder: number): Step => ({
  name: `release key ${key} of ${holder}`,
  run: (tx, { now }) => tx.releaseIdempotencyKey(claimRecord(key, holder, now)),
  expect(model) {
    const held = model.claims.find((other) => other.keyHash === keyHashOf(key))
    const isOwn = held?.certificateId === idOf(holder)
    return { answer: undefined, next: isOwn ? withClaim(model, keyHashOf(key), undefined) : model }
  },
})

const waitFor = (seconds: number): Step => ({
  name: `wait for ${seconds} s`,
  run: async () => undefined,
  expect: (model) => ({ answer: undefined, next: { ...model, now: later(model.now, seconds) } }),
})

const tell: Step = {
  name: 'tell',
  run: (tx, { told }) => tx.appendEvents({ audit: [], outbox: [outboxEvent(`o${told}`)] }),
  expect(model) {
    const { id: eventId } = outboxEvent(`o${model.told}`)
    const next = { ...model, told: model.told + 1, outbox: [...model.outbox, eventId] }
    return { answer: undefined, next }
  },
}

/** The n-th that is listed, from 1; an unknown one where there are fewer. */
const acknowledge = (n: number): Step => ({
  name: `acknowledge ${n}`,
  run: (tx, { outbox }) => tx.acknowledgeOutboxEvents([outbox[n - 1] ?? id('unknown')]),
  expect(model) {
    const outbox = model.outbox.filter((_, i) => i !== n - 1)
    return { answer: undefined, next: { ...model, outbox } }
  },
})

/** Every kind of step, from a choice. */
export const stepKinds: readonly ((choice: Choice) => Step)[] = [
  ({ serial, other }) => reserve(serial, other),
  ({ serial }) => reserve(serial, serial),
  ({ serial, isHold }) => close(serial, isHold ? 'recorded' : 'abandoned'),
  ({ serial }) => record(serial),
  ({ serial }) => archive(serial),
  ({ serial, isHold }) => revoke(serial, isHold ? 'certificateHold' : 'keyCompromise', false),
  ({ serial, isHold }) => revoke(serial, isHold ? 'removeFromCRL' : 'keyCompromise', true),
  () => takeCrlNumber,
  ({ serial, other }) => claim(serial, other),
  ({ serial, other }) => release(serial, other),
  ({ seconds }) => waitFor(seconds),
  () => tell,
  ({ other }) => acknowledge(other),
]

export const serialsOfModel: readonly number[] = [1, 2, 3, 4]
export { caId as caIdOfModel, idOf, keyHashOf, serialOf }
