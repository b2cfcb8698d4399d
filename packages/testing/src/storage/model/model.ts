import type { IdempotencyRecord, Reservation, ReservationState, Revocation } from '@certwright/core'
import { now as startTime } from '../records.js'

/**
 * What a store has to know, as simply as it can be said: lists that are searched from the start. It has nothing of an
 * adapter, and none is made of it.
 */
export interface Model {
  readonly reservations: readonly { readonly reservation: Reservation; readonly state: ReservationState }[]
  /** By id. */
  readonly certificates: ReadonlySet<string>
  /** The whole log, oldest first. */
  readonly log: readonly Revocation[]
  readonly crlNumber: number
  readonly claims: readonly IdempotencyRecord[]
  readonly outbox: readonly string[]
  /** Events so far: the id of an event never comes again. */
  readonly told: number
  /** Time never goes back: a store may forget what is over. */
  readonly now: Date
}

export const emptyModel: Model = {
  reservations: [],
  certificates: new Set(),
  log: [],
  crlNumber: 0,
  claims: [],
  outbox: [],
  told: 0,
  now: startTime,
}

/** Where commands find the model, and leave the next one. */
export interface Cell {
  model: Model
}

export const lastEntry = (model: Model, serialNumber: string): Revocation | undefined =>
  model.log.filter((entry) => entry.serialNumber === serialNumber).at(-1)

/** What is on the list: the last entry of every serial number, unless it ended a hold. */
export const entriesOnList = (model: Model): readonly Revocation[] =>
  model.log.filter(
    (entry) => lastEntry(model, entry.serialNumber) === entry && entry.reason !== 'removeFromCRL',
  )

export const claimOf = (model: Model, keyHash: string): IdempotencyRecord | undefined =>
  model.claims.find((claim) => claim.keyHash === keyHash && claim.liveUntil > model.now)

/** Records with this key replaced by one, or by none. */
export const withClaim = (model: Model, keyHash: string, claim: IdempotencyRecord | undefined): Model => ({
  ...model,
  claims: [...model.claims.filter((other) => other.keyHash !== keyHash), ...(claim ? [claim] : [])],
})
