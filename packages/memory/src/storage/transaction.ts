import type {
  AuditEvent,
  CaRecord,
  CertificateRecord,
  CrlRecord,
  IdempotencyRecord,
  OcspResponder,
  OutboxEvent,
  Reservation,
  Revocation,
  StorageTransaction,
  User,
  Workspace,
} from '@certwright/core'
import { AccessWrites } from './access-writes.js'
import { conflict } from './conflict.js'
import { copyCrl, copyFound, copyRecord } from './copy-record.js'
import type { DraftRows } from './draft-rows.js'
import { claim, complete, liveRecord, release } from './idempotency.js'
import { RevocationLog } from './revocation-log.js'
import {
  type CertificateIds,
  type Committed,
  commitDraft,
  crlKey,
  type Draft,
  draftOf,
  namedCaKey,
  scopeKey,
  serialKey,
} from './tables.js'

/**
 * One transaction: reads and writes a draft over the committed tables. After a refused write it can only be rolled back.
 */
export class MemoryTransaction extends AccessWrites implements StorageTransaction {
  #draft: Draft | undefined

  constructor(committed: Committed) {
    super()
    this.#draft = draftOf(committed)
  }

  /** Make the writes visible, all at once: there is no `await` between the first and the last. */
  commit(): void {
    commitDraft(this.tables())
    this.#draft = undefined
  }

  rollBack(): void {
    this.#draft = undefined
  }

  protected override tables(): Draft {
    if (this.#draft !== undefined) return this.#draft
    throw new TypeError(
      'Cannot use transaction: it has ended, and everything done with it must be awaited before',
    )
  }

  async insertWorkspace(workspace: Workspace): Promise<void> {
    const { workspaces, workspaceIdBySlug } = this.tables()
    if (workspaces.has(workspace.id)) throw conflict('workspace_id')
    if (workspaceIdBySlug.has(workspace.slug)) throw conflict('workspace_slug')
    workspaces.set(workspace.id, copyRecord(workspace))
    workspaceIdBySlug.set(workspace.slug, workspace.id)
  }

  async insertUser(user: User): Promise<void> {
    const { users, userIdByEmail } = this.tables()
    const email = user.email.toLowerCase()
    if (users.has(user.id)) throw conflict('user_id')
    if (userIdByEmail.has(email)) throw conflict('user_email')
    users.set(user.id, copyRecord(user))
    userIdByEmail.set(email, user.id)
  }

  async insertReservations(added: readonly Reservation[]): Promise<void> {
    const { reservations, openReservations, reservationIdBySerial } = this.tables()
    for (const reservation of added) {
      const key = serialKey(reservation.caId, reservation.serialNumber)
      if (reservationIdBySerial.has(key)) throw conflict('serial_number')
      if (reservations.has(reservation.id)) throw conflict('reservation_id')
      reservations.set(reservation.id, { reservation: copyRecord(reservation), state: 'open' })
      openReservations.set(reservation.id, reservation.id)
      reservationIdBySerial.set(key, reservation.id)
    }
  }

  async closeReservations(
    reservationIds: readonly string[],
    state: 'recorded' | 'abandoned',
  ): Promise<number> {
    const { reservations, openReservations } = this.tables()
    let closed = 0
    for (const id of reservationIds) {
      const row = reservations.get(id)
      if (row?.state !== 'open') continue
      reservations.set(id, { reservation: row.reservation, state })
      openReservations.delete(id)
      closed++
    }
    return closed
  }

  async insertCa(ca: CaRecord): Promise<void> {
    const { cas, caIdByName } = this.tables()
    const name = namedCaKey(ca.workspaceId, ca.name)
    const holdsName = ca.revokedAt === undefined
    if (cas.has(ca.id)) throw conflict('ca_id')
    if (holdsName && caIdByName.has(name)) throw conflict('ca_name')
    cas.set(ca.id, copyRecord(ca))
    if (holdsName) caIdByName.set(name, ca.id)
  }

  async setOcspResponder(caId: string, responder: OcspResponder): Promise<void> {
    const { cas } = this.tables()
    const ca = cas.get(caId)
    if (ca === undefined) throw new RangeError(`setOcspResponder: there is no CA "${caId}"`)
    cas.set(caId, { ...ca, ocspResponder: copyRecord(responder) })
  }

  async insertCertificates(added: readonly CertificateRecord[]): Promise<void> {
    const { certificates, certificatesOfCa } = this.tables()
    for (const certificate of added) {
      const { id, caId } = certificate
      if (certificates.has(id)) throw conflict('certificate_id')
      certificates.set(id, copyRecord(certificate))
      certificatesOfCa.set(caId, { id, older: certificatesOfCa.get(caId) })
    }
  }

  async archiveCertificates(certificateIds: readonly string[]): Promise<readonly string[]> {
    const { certificates, certificatesOfCa, reservations, openReservations } = this.tables()
    const archived = new Map<string, string>()
    for (const id of certificateIds) {
      const certificate = certificates.get(id)
      if (certificate === undefined) continue
      archived.set(id, certificate.caId)
      certificates.delete(id)
      const row = reservations.get(id)
      if (row !== undefined) reservations.set(id, { reservation: row.reservation, state: 'archived' })
      openReservations.delete(id)
    }
    for (const caId of new Set(archived.values())) {
      const left = withoutIds(certificatesOfCa.get(caId), archived)
      if (left === undefined) certificatesOfCa.delete(caId)
      else certificatesOfCa.set(caId, left)
    }
    return [...archived.keys()]
  }

  async insertRevocation(
    revocation: Revocation,
    subject: { readonly id: string; readonly replacesHold: boolean },
  ): Promise<boolean> {
    const draft = this.tables()
    const { caId } = revocation
    const log = draft.revocationsOfCa.get(caId) ?? RevocationLog.empty(caId)
    const last = log.lastReason(revocation.serialNumber)
    const isOnList = last !== undefined && last !== 'removeFromCRL'
    const isAsSeen = subject.replacesHold ? last === 'certificateHold' : !isOnList
    if (!isAsSeen) return false
    draft.revocationsOfCa.set(caId, log.with(revocation))
    markRevoked(draft, subject.id, revocation)
    return true
  }

  /** A number that was given in a transaction that rolled back was never given: no list can bear it. */
  async nextCrlNumber(caId: string): Promise<number> {
    const { crlNumberOfCa } = this.tables()
    const number = (crlNumberOfCa.get(caId) ?? 0) + 1
    crlNumberOfCa.set(caId, number)
    return number
  }

  async insertCrl(crl: CrlRecord): Promise<void> {
    const { crlNumbers, latestCrlOfScope } = this.tables()
    const key = crlKey(crl.caId, crl.number)
    if (crlNumbers.has(key)) throw conflict('crl_number')
    crlNumbers.set(key, crl.number)
    const scope = scopeKey(crl.caId, crl.scope)
    const latest = latestCrlOfScope.get(scope)
    if (latest === undefined || latest.number < crl.number) latestCrlOfScope.set(scope, copyCrl(crl))
  }

  async claimIdempotencyKey(record: IdempotencyRecord, now: Date): Promise<IdempotencyRecord | undefined> {
    const draft = this.tables()
    const holder = liveRecord(draft, record, now)
    if (holder === undefined) claim(draft, copyRecord(record), now)
    return copyFound(holder)
  }

  async completeIdempotencyKey(record: IdempotencyRecord): Promise<boolean> {
    return complete(this.tables(), copyRecord(record))
  }

  async releaseIdempotencyKey(record: IdempotencyRecord): Promise<void> {
    release(this.tables(), record)
  }

  async appendEvents(events: {
    readonly audit: readonly AuditEvent[]
    readonly outbox: readonly OutboxEvent[]
  }): Promise<void> {
    const { auditEvents, outboxEvents } = this.tables()
    append(auditEvents, events.audit)
    append(outboxEvents, events.outbox)
  }

  async acknowledgeOutboxEvents(ids: readonly string[]): Promise<void> {
    const { outboxEvents } = this.tables()
    for (const id of ids) outboxEvents.delete(id)
  }
}

/** A copy of the whole list, since its tails are shared. */
function withoutIds(
  ids: CertificateIds | undefined,
  gone: ReadonlyMap<string, unknown>,
): CertificateIds | undefined {
  const newestFirst: string[] = []
  for (let rest = ids; rest !== undefined; rest = rest.older)
    if (!gone.has(rest.id)) newestFirst.push(rest.id)
  return newestFirst.reduceRight<CertificateIds | undefined>((older, id) => ({ id, older }), undefined)
}

function append<T extends { readonly id: string }>(rows: DraftRows<T>, events: readonly T[]): void {
  for (const event of events) {
    if (rows.has(event.id)) throw conflict('event_id')
    rows.set(event.id, copyRecord(event))
  }
}

function markRevoked(draft: Draft, id: string, revocation: Revocation): void {
  const certificate = draft.certificates.get(id)
  if (certificate !== undefined) draft.certificates.set(id, marked(certificate, revocation))
  const ca = draft.cas.get(id)
  if (ca === undefined) return
  draft.cas.set(id, marked(ca, revocation))
  // The name is free from the first revocation on, and may be another's at a second.
  const name = namedCaKey(ca.workspaceId, ca.name)
  if (draft.caIdByName.get(name) === id) draft.caIdByName.delete(name)
}

/** An ended hold takes the mark away. */
function marked<T extends Pick<CaRecord, 'revokedAt' | 'revocationReason'>>(
  { revokedAt: _revokedAt, revocationReason: _reason, ...record }: T,
  { revokedAt, reason }: Revocation,
) {
  return reason === 'removeFromCRL'
    ? record
    : { ...record, revokedAt: new Date(revokedAt), revocationReason: reason }
}
