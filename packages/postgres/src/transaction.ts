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
  type Columns,
  crlColumns,
  idempotencyRecordOf,
  integer,
  outboxEventColumns,
  reservationColumns,
  responderColumns,
  type Row,
  seconds,
  text,
} from '@certwright/sql'
import { AccessWrites } from './access-writes.js'
import { answerOf, claimOf, collectOf } from './idempotency-statements.js'
import { closeOf } from './reservation-statements.js'
import type { TransactionSession } from './transaction-session.js'

/** One transaction, on one connection. After a refused write Postgres takes nothing but a rollback. */
export class PostgresTransaction extends AccessWrites implements StorageTransaction {
  protected override readonly lock = 'FOR SHARE'
  #session: TransactionSession | undefined

  constructor(session: TransactionSession) {
    super()
    this.#session = session
  }

  /** From here on every call is refused. */
  end(): void {
    this.#session = undefined
  }

  protected override async session(): Promise<TransactionSession> {
    if (this.#session !== undefined) return this.#session
    throw new TypeError(
      'Cannot use transaction: it has ended, and everything done with it must be awaited before',
    )
  }

  protected override async lineageRows(caId: string): Promise<readonly Row[]> {
    return (await this.session()).expectLineage(caId) ?? super.lineageRows(caId)
  }

  async insertWorkspace({ id, name, slug, plan, createdAt }: Workspace): Promise<void> {
    await this.insert('workspaces', [{ id, name, slug, plan, created_at: seconds(createdAt) }])
  }

  async insertUser({ id, email, createdAt }: User): Promise<void> {
    const email_folded = email.toLowerCase()
    await this.insert('users', [{ id, email, email_folded, created_at: seconds(createdAt) }])
  }

  async insertReservations(reservations: readonly Reservation[]): Promise<void> {
    await this.insert('reservations', reservations.map(reservationColumns))
  }

  async closeReservations(
    reservationIds: readonly string[],
    state: 'recorded' | 'abandoned',
  ): Promise<number> {
    const session = await this.session()
    if (session.expectOpen(reservationIds, state)) return reservationIds.length
    return session.change(closeOf(reservationIds, state))
  }

  async insertCa(ca: CaRecord): Promise<void> {
    await this.insert('cas', [caColumns(ca)])
  }

  async setOcspResponder(caId: string, responder: OcspResponder): Promise<void> {
    const columns = responderColumns(responder)
    const names = Object.keys(columns).map((column, i) => `${column} = $${i + 2}`)
    const sql = `UPDATE @cas SET ${names.join(', ')} WHERE id = $1`
    if ((await (await this.session()).run(sql, caId, ...Object.values(columns))) === 0) {
      throw new RangeError(`setOcspResponder: there is no CA "${caId}"`)
    }
  }

  async insertCertificates(certificates: readonly CertificateRecord[]): Promise<void> {
    await this.insert('certificates', certificates.map(certificateColumns))
  }

  async archiveCertificates(certificateIds: readonly string[]): Promise<readonly string[]> {
    const sql = `
      WITH gone AS (DELETE FROM @certificates WHERE id = ANY($1) RETURNING id), kept AS (
        UPDATE @reservations AS r SET state = 'archived' FROM gone WHERE r.id = gone.id
      )
      SELECT id FROM gone`
    return (await (await this.session()).all(sql, certificateIds)).map((row) => text(row, 'id'))
  }

  async insertRevocation(
    revocation: Revocation,
    subject: { readonly id: string; readonly replacesHold: boolean },
  ): Promise<boolean> {
    const session = await this.session()
    const { caId, serialNumber, reason, notAfter, entryDer } = revocation
    // Revocations of one CA take turns here, so that positions grow in the order of the commits. What comes in the same
    // statement would not see the entry of the one that was waited for.
    const turn = `
      INSERT INTO @ca_counters AS held (ca_id, revocation_count) VALUES ($1, 1)
      ON CONFLICT (ca_id) DO UPDATE SET revocation_count = held.revocation_count + 1
      RETURNING nextval(pg_get_serial_sequence('@revocations', 'position')) AS position`
    const [taken] = await session.allKept(turn, caId)
    const position = taken === undefined ? 0 : integer(taken, 'position')
    // What the entry marks is locked by the same statement: an event that came before the lock would stand in the log
    // before those of the transaction that was waited for.
    const enter = `
      WITH replaced AS (
        UPDATE @revocations SET replaced_by = $1::bigint
        WHERE ca_id = $2 AND serial_number = $3 AND replaced_by IS NULL AND reason = $8 RETURNING 1
      ), entered AS (
        INSERT INTO @revocations (position, ca_id, serial_number, revoked_at, reason, not_after, entry_der)
        SELECT $1::bigint, $2::text, $3::text, $4::bigint, $5::text, $6::bigint, $7::bytea
        WHERE (SELECT count(*) FROM replaced) >= $9::bigint
        ON CONFLICT (ca_id, serial_number) WHERE replaced_by IS NULL DO NOTHING RETURNING 1
      ), certificate AS (${markOf('@certificates')}
      ), ca AS (${markOf('@cas')}
      )
      SELECT 1 FROM entered`
    const revokedAt = seconds(revocation.revokedAt)
    const marks = reason === 'removeFromCRL' ? [null, null] : [revokedAt, reason]
    const entered = await session.allKept(
      enter,
      position,
      caId,
      serialNumber,
      revokedAt,
      reason,
      seconds(notAfter),
      entryDer,
      subject.replacesHold ? 'certificateHold' : 'removeFromCRL',
      subject.replacesHold ? 1 : 0,
      ...marks,
      subject.id,
    )
    if (entered.length > 0) return true
    const giveBack = 'UPDATE @ca_counters SET revocation_count = revocation_count - 1 WHERE ca_id = $1'
    await session.write({ sql: giveBack, values: [caId], isKept: true })
    return false
  }

  async nextCrlNumber(caId: string): Promise<number> {
    const sql = `
      INSERT INTO @ca_counters (ca_id, crl_number) VALUES ($1, 1)
      ON CONFLICT (ca_id) DO UPDATE SET crl_number = ca_counters.crl_number + 1
      RETURNING crl_number`
    const row = await (await this.session()).first(sql, caId)
    return row === undefined ? 0 : integer(row, 'crl_number')
  }

  async insertCrl(crl: CrlRecord): Promise<void> {
    await this.insert('crls', [crlColumns(crl)])
    const sql = `
      UPDATE @crls SET der = NULL
      WHERE ca_id = $1 AND scope = $2 AND der IS NOT NULL
        AND number < (SELECT max(number) FROM @crls WHERE ca_id = $1 AND scope = $2)`
    await (await this.session()).run(sql, crl.caId, crl.scope)
  }

  async claimIdempotencyKey(record: IdempotencyRecord, now: Date): Promise<IdempotencyRecord | undefined> {
    const session = await this.session()
    const claim = { record: idempotencyColumns(record), time: Math.floor(now.getTime() / 1000) }
    if (session.expectFree(claim)) return undefined
    const { sql, values } = claimOf([claim])
    if ((await session.run(sql, ...values)) === 0) {
      const held = 'SELECT * FROM @idempotency_records WHERE key_hash = $1 AND scope = $2'
      return this.find(idempotencyRecordOf, held, record.keyHash, record.scope)
    }
    session.claimed(claim.record)
    await session.write(collectOf([claim]))
    return undefined
  }

  async completeIdempotencyKey(record: IdempotencyRecord): Promise<boolean> {
    const session = await this.session()
    const columns = idempotencyColumns({ ...record, state: 'completed' })
    if (session.expectClaimed(columns)) return true
    const { sql, values } = answerOf([columns])
    return (await session.run(sql, ...values)) === 1
  }

  async releaseIdempotencyKey(record: IdempotencyRecord): Promise<void> {
    const session = await this.session()
    session.released(idempotencyColumns(record))
    const sql = `
      DELETE FROM @idempotency_records WHERE key_hash = $1 AND scope = $2 AND certificate_id = $3`
    await session.run(sql, record.keyHash, record.scope, record.certificateId)
  }

  async appendEvents(events: {
    readonly audit: readonly AuditEvent[]
    readonly outbox: readonly OutboxEvent[]
  }): Promise<void> {
    await this.insert('audit_events', events.audit.map(auditEventColumns))
    await this.insert('outbox_events', events.outbox.map(outboxEventColumns))
  }

  async acknowledgeOutboxEvents(ids: readonly string[]): Promise<void> {
    await (await this.session()).runOnce('DELETE FROM @outbox_events WHERE id = ANY($1)', ids)
  }
}

/** Of what a new entry is about, whichever table has it. */
const markOf = (table: string): string => `
        UPDATE ${table} SET revoked_at = $10::bigint, revocation_reason = $11::text
        WHERE id = $12 AND EXISTS (SELECT FROM entered)`

/** In the order in which the claim names them. */
const idempotencyColumns = (record: IdempotencyRecord): Columns => ({
  scope: record.scope,
  key_hash: record.keyHash,
  request_hash: record.requestHash,
  certificate_id: record.certificateId,
  state: record.state,
  live_until: seconds(record.liveUntil),
})
