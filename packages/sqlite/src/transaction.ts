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
import {
  auditEventColumns,
  caColumns,
  certificateColumns,
  crlColumns,
  integer,
  outboxEventColumns,
  reservationColumns,
  responderColumns,
  seconds,
  text,
} from '@certwright/sql'
import type { Connection } from './connection.js'
import { AccessWrites } from './access-writes.js'

/** Expired idempotency records that one claim collects: more than the one that it adds. */
const collectedPerClaim = 4

/** One transaction of the one connection that writes. After a refused write it can only be rolled back. */
export class SqliteTransaction extends AccessWrites implements StorageTransaction {
  #connection: Connection | undefined

  constructor(connection: Connection) {
    super()
    this.#connection = connection
  }

  /** From here on every call is refused. */
  end(): void {
    this.#connection = undefined
  }

  protected override connection(): Connection {
    if (this.#connection !== undefined) return this.#connection
    throw new TypeError(
      'Cannot use transaction: it has ended, and everything done with it must be awaited before',
    )
  }

  async insertWorkspace({ id, name, slug, plan, createdAt }: Workspace): Promise<void> {
    this.insert('workspaces', { id, name, slug, plan, created_at: seconds(createdAt) })
  }

  async insertUser({ id, email, createdAt }: User): Promise<void> {
    const email_folded = email.toLowerCase()
    this.insert('users', { id, email, email_folded, created_at: seconds(createdAt) })
  }

  async insertReservations(reservations: readonly Reservation[]): Promise<void> {
    for (const reservation of reservations) this.insert('reservations', reservationColumns(reservation))
  }

  async closeReservations(
    reservationIds: readonly string[],
    state: 'recorded' | 'abandoned',
  ): Promise<number> {
    const sql = `UPDATE reservations SET state = ? WHERE id = ? AND state = 'open'`
    let closed = 0
    for (const id of reservationIds) closed += this.connection().run(sql, state, id)
    return closed
  }

  async insertCa(ca: CaRecord): Promise<void> {
    this.insert('cas', caColumns(ca))
  }

  async setOcspResponder(caId: string, responder: OcspResponder): Promise<void> {
    const columns = responderColumns(responder)
    const names = Object.keys(columns).map((column) => `${column} = ?`)
    const sql = `UPDATE cas SET ${names.join(', ')} WHERE id = ?`
    if (this.connection().run(sql, ...Object.values(columns), caId) === 0) {
      throw new RangeError(`setOcspResponder: there is no CA "${caId}"`)
    }
  }

  async insertCertificates(certificates: readonly CertificateRecord[]): Promise<void> {
    for (const certificate of certificates) this.insert('certificates', certificateColumns(certificate))
  }

  async archiveCertificates(certificateIds: readonly string[]): Promise<readonly string[]> {
    const connection = this.connection()
    const archived = certificateIds.filter(
      (id) => connection.run('DELETE FROM certificates WHERE id = ?', id) === 1,
    )
    for (const id of archived) connection.run(`UPDATE reservations SET state = 'archived' WHERE id = ?`, id)
    return archived
  }

  async insertRevocation(
    revocation: Revocation,
    subject: { readonly id: string; readonly replacesHold: boolean },
  ): Promise<boolean> {
    const connection = this.connection()
    const { caId, serialNumber, reason } = revocation
    const last = connection.first(
      'SELECT position, reason FROM revocations WHERE ca_id = ? AND serial_number = ? AND replaced_by IS NULL',
      caId,
      serialNumber,
    )
    const lastReason = last && text(last, 'reason')
    const isOnList = lastReason !== undefined && lastReason !== 'removeFromCRL'
    const isAsSeen = subject.replacesHold ? lastReason === 'certificateHold' : !isOnList
    if (!isAsSeen) return false
    const position = this.#nextPosition()
    if (last !== undefined) {
      const replaced = integer(last, 'position')
      connection.run('UPDATE revocations SET replaced_by = ? WHERE position = ?', position, replaced)
    }
    const revokedAt = seconds(revocation.revokedAt)
    this.insert('revocations', {
      position,
      ca_id: caId,
      serial_number: serialNumber,
      revoked_at: revokedAt,
      reason,
      not_after: seconds(revocation.notAfter),
      entry_der: revocation.entryDer,
    })
    this.#count(caId, 'revocation_count')
    const mark = reason === 'removeFromCRL' ? [null, null] : [revokedAt, reason]
    for (const table of ['certificates', 'cas']) {
      const sql = `UPDATE ${table} SET revoked_at = ?, revocation_reason = ? WHERE id = ?`
      connection.run(sql, ...mark, subject.id)
    }
    return true
  }

  async nextCrlNumber(caId: string): Promise<number> {
    this.#count(caId, 'crl_number')
    const row = this.connection().first('SELECT crl_number FROM ca_counters WHERE ca_id = ?', caId)
    return row === undefined ? 0 : integer(row, 'crl_number')
  }

  async insertCrl(crl: CrlRecord): Promise<void> {
    this.insert('crls', crlColumns(crl))
    const sql = `
      UPDATE crls SET der = NULL
      WHERE ca_id = ? AND scope = ? AND der IS NOT NULL
        AND number < (SELECT max(number) FROM crls WHERE ca_id = ? AND scope = ?)`
    this.connection().run(sql, crl.caId, crl.scope, crl.caId, crl.scope)
  }

  async claimIdempotencyKey(record: IdempotencyRecord, now: Date): Promise<IdempotencyRecord | undefined> {
    const holder = this.liveRecord(record, now)
    if (holder !== undefined) return holder
    const expired = `
      DELETE FROM idempotency_records WHERE rowid IN (
        SELECT rowid FROM idempotency_records WHERE live_until <= ? ORDER BY live_until LIMIT ${collectedPerClaim})`
    this.connection().run(expired, now.getTime() / 1000)
    this.#keep(record)
    return undefined
  }

  async completeIdempotencyKey(record: IdempotencyRecord): Promise<boolean> {
    const holder = this.connection().first(
      'SELECT certificate_id FROM idempotency_records WHERE key_hash = ? AND scope = ?',
      record.keyHash,
      record.scope,
    )
    // A lease that ran out and was collected is nobody's: the answer is kept all the same.
    if (holder !== undefined && text(holder, 'certificate_id') !== record.certificateId) return false
    this.#keep({ ...record, state: 'completed' })
    return true
  }

  async releaseIdempotencyKey({ keyHash, scope, certificateId }: IdempotencyRecord): Promise<void> {
    const sql = 'DELETE FROM idempotency_records WHERE key_hash = ? AND scope = ? AND certificate_id = ?'
    this.connection().run(sql, keyHash, scope, certificateId)
  }

  async appendEvents(events: {
    readonly audit: readonly AuditEvent[]
    readonly outbox: readonly OutboxEvent[]
  }): Promise<void> {
    for (const event of events.audit) this.insert('audit_events', auditEventColumns(event))
    for (const event of events.outbox) this.insert('outbox_events', outboxEventColumns(event))
  }

  async acknowledgeOutboxEvents(ids: readonly string[]): Promise<void> {
    const sql = 'DELETE FROM outbox_events WHERE id IN (SELECT value FROM json_each(?))'
    this.connection().run(sql, JSON.stringify(ids))
  }

  #keep(record: IdempotencyRecord): void {
    const columns = {
      scope: record.scope,
      key_hash: record.keyHash,
      request_hash: record.requestHash,
      certificate_id: record.certificateId,
      state: record.state,
      live_until: seconds(record.liveUntil),
    }
    this.insert('idempotency_records', columns, 'INSERT OR REPLACE')
  }

  #count(caId: string, column: 'crl_number' | 'revocation_count'): void {
    const sql = `
      INSERT INTO ca_counters (ca_id, ${column}) VALUES (?, 1)
      ON CONFLICT (ca_id) DO UPDATE SET ${column} = ${column} + 1`
    this.connection().run(sql, caId)
  }

  /** Nobody else writes while this transaction is open. */
  #nextPosition(): number {
    const row = this.connection().first('SELECT coalesce(max(position), 0) + 1 AS next FROM revocations')
    return row === undefined ? 1 : integer(row, 'next')
  }
}
