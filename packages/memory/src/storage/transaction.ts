import {
  type ApiKey,
  type AuditEvent,
  type CaRecord,
  type CertificateRecord,
  type CrlRecord,
  type IdempotencyRecord,
  type OcspResponder,
  type OutboxEvent,
  PkiError,
  type Reservation,
  type Revocation,
  type StorageConstraint,
  type StorageTransaction,
  type User,
  type Workspace,
} from '@certwright/core'
import { copyFound, copyRecord } from './copy-record.js'
import { claim, complete, liveRecord, release } from './idempotency.js'
import { Reads } from './reads.js'
import { RevocationLog } from './revocation-log.js'
import { type Committed, commitDraft, crlKey, type Draft, draftOf, namedCaKey, serialKey } from './tables.js'

/**
 * One transaction: reads and writes a draft over the committed tables. Each write checks all of its constraints before
 * it changes a row, so that a refused write leaves no trace in the draft either.
 */
export class MemoryTransaction extends Reads implements StorageTransaction {
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

  async insertApiKey(apiKey: ApiKey): Promise<void> {
    const { apiKeys, apiKeyIdByHash } = this.tables()
    if (apiKeys.has(apiKey.id)) throw conflict('api_key_id')
    if (apiKeyIdByHash.has(apiKey.secretHash)) throw conflict('api_key_hash')
    apiKeys.set(apiKey.id, copyRecord(apiKey))
    apiKeyIdByHash.set(apiKey.secretHash, apiKey.id)
  }

  async insertReservation(reservation: Reservation): Promise<void> {
    const { reservations, reservationIdBySerial } = this.tables()
    const key = serialKey(reservation.caId, reservation.serialNumber)
    if (reservationIdBySerial.has(key)) throw conflict('serial_number')
    if (reservations.has(reservation.id)) throw conflict('reservation_id')
    reservations.set(reservation.id, { reservation: copyRecord(reservation), state: 'open' })
    reservationIdBySerial.set(key, reservation.id)
  }

  async closeReservation(reservationId: string, state: 'recorded' | 'abandoned'): Promise<boolean> {
    const { reservations } = this.tables()
    const row = reservations.get(reservationId)
    if (row?.state !== 'open') return false
    reservations.set(reservationId, { reservation: row.reservation, state })
    return true
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

  async insertCertificate(certificate: CertificateRecord): Promise<void> {
    const { certificates, certificatesOfCa } = this.tables()
    const { id, caId } = certificate
    if (certificates.has(id)) throw conflict('certificate_id')
    certificates.set(id, copyRecord(certificate))
    certificatesOfCa.set(caId, { id, older: certificatesOfCa.get(caId) })
  }

  async insertRevocation(
    revocation: Revocation,
    subject: { readonly id: string; readonly replacesHold: boolean },
  ): Promise<boolean> {
    const draft = this.tables()
    const { caId } = revocation
    const key = serialKey(caId, revocation.serialNumber)
    const last = draft.lastRevocations.get(key)
    const isAsSeen = subject.replacesHold ? last?.reason === 'certificateHold' : last === undefined
    if (!isAsSeen) return false
    const entry = copyRecord(revocation)
    draft.lastRevocations.set(key, entry)
    draft.revocationsOfCa.set(caId, (draft.revocationsOfCa.get(caId) ?? RevocationLog.empty).with(entry))
    markRevoked(draft, subject.id, entry)
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
    const { crlNumbers, latestCrlOfCa } = this.tables()
    const key = crlKey(crl.caId, crl.number)
    if (crlNumbers.has(key)) throw conflict('crl_number')
    crlNumbers.set(key, crl.number)
    const latest = latestCrlOfCa.get(crl.caId)
    if (latest === undefined || latest.number < crl.number) latestCrlOfCa.set(crl.caId, copyRecord(crl))
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

  async appendAuditEvent(event: AuditEvent): Promise<void> {
    const { auditEvents } = this.tables()
    if (auditEvents.has(event.id)) throw conflict('event_id')
    auditEvents.set(event.id, copyRecord(event))
  }

  async appendOutboxEvent(event: OutboxEvent): Promise<void> {
    const { outboxEvents } = this.tables()
    if (outboxEvents.has(event.id)) throw conflict('event_id')
    outboxEvents.set(event.id, copyRecord(event))
  }

  async acknowledgeOutboxEvents(ids: readonly string[]): Promise<void> {
    const { outboxEvents } = this.tables()
    for (const id of ids) outboxEvents.delete(id)
  }
}

/** Rows share the time with the entry of the log: nobody changes a row in place. */
function markRevoked(draft: Draft, id: string, { revokedAt, reason: revocationReason }: Revocation): void {
  const certificate = draft.certificates.get(id)
  if (certificate !== undefined) draft.certificates.set(id, { ...certificate, revokedAt, revocationReason })
  const ca = draft.cas.get(id)
  if (ca === undefined) return
  draft.cas.set(id, { ...ca, revokedAt, revocationReason })
  // The name is free from the first revocation on, and may be another's at a second.
  const name = namedCaKey(ca.workspaceId, ca.name)
  if (draft.caIdByName.get(name) === id) draft.caIdByName.delete(name)
}

function conflict(constraint: StorageConstraint): PkiError<'storage_conflict'> {
  return new PkiError('storage_conflict', `Cannot store record: its ${constraint} is taken`, { constraint })
}
