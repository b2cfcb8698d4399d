import type {
  AuditEvent,
  CaFilter,
  CaRecord,
  CertificateFilter,
  CertificateRecord,
  CrlPart,
  CrlRecord,
  CrlState,
  CrlSummary,
  ExpiredFilter,
  IdempotencyRecord,
  OutboxEvent,
  Page,
  PageRequest,
  Reservation,
  ReservationStatus,
  Revocation,
  SerialNumber,
  SerialStatus,
  StorageReads,
  User,
  Workspace,
} from '@certwright/core'
import {
  auditEventOf,
  bytes,
  caOf,
  certificateOf,
  crlOf,
  crlSummaryOf,
  firstOfPage,
  idempotencyRecordOf,
  integer,
  lastOctetsOf,
  outboxEventOf,
  reservationOf,
  reservationStatusOf,
  revocationOf,
  type Row,
  text,
  userOf,
  workspaceOf,
} from '@certwright/sql'
import type { Value } from './connection.js'
import { AccessReads } from './access-reads.js'
import { caCondition, certificateCondition } from './filters.js'

/** Entries of the status log, or reservations, that are read at a time. */
const pageLength = 8192

/** Longest lineage that is followed, as in core's own chains. */
const maximumLineage = 32

/** Everything that can be read, from what is committed or inside a transaction. */
export abstract class Reads extends AccessReads implements StorageReads {
  async findWorkspace(workspaceId: string): Promise<Workspace | undefined> {
    return this.find(workspaceOf, 'SELECT * FROM workspaces WHERE id = ?', workspaceId)
  }

  async findWorkspaceBySlug(slug: string): Promise<Workspace | undefined> {
    return this.find(workspaceOf, 'SELECT * FROM workspaces WHERE slug = ?', slug)
  }

  async findUser(userId: string): Promise<User | undefined> {
    return this.find(userOf, 'SELECT * FROM users WHERE id = ?', userId)
  }

  async findCa(caId: string): Promise<CaRecord | undefined> {
    return this.find(caOf, 'SELECT * FROM cas WHERE id = ?', caId)
  }

  async findCaLineage(caId: string): Promise<readonly CaRecord[]> {
    const sql = `
      WITH RECURSIVE lineage (id, generation) AS (
        SELECT ?, 0
        UNION ALL
        SELECT cas.parent_ca_id, generation + 1 FROM lineage JOIN cas ON cas.id = lineage.id
        WHERE cas.parent_ca_id IS NOT NULL AND generation < ${maximumLineage}
      )
      SELECT cas.* FROM lineage JOIN cas ON cas.id = lineage.id ORDER BY generation`
    return this.connection().all(sql, caId).map(caOf)
  }

  async listCas(filter: CaFilter): Promise<readonly CaRecord[]> {
    const { sql, values } = caCondition(filter)
    return this.connection()
      .all(`SELECT * FROM cas WHERE ${sql} ORDER BY created_at, id`, ...values)
      .map(caOf)
  }

  async findCertificate(certificateId: string): Promise<CertificateRecord | undefined> {
    return this.find(certificateOf, 'SELECT * FROM certificates WHERE id = ?', certificateId)
  }

  async listCertificates(filter: CertificateFilter, page: PageRequest): Promise<Page<CertificateRecord>> {
    const first = firstOfPage(page)
    const { sql, values } = certificateCondition(filter)
    const connection = this.connection()
    const total = connection.first(`SELECT count(*) AS total FROM certificates WHERE ${sql}`, ...values)
    const rows = connection.all(
      `SELECT * FROM certificates WHERE ${sql} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
      ...values,
      page.pageSize,
      first,
    )
    return { items: rows.map(certificateOf), total: total === undefined ? 0 : integer(total, 'total') }
  }

  async listExpiredCertificates(
    { expiredBefore, exceptProfile }: ExpiredFilter,
    limit: number,
  ): Promise<readonly CertificateRecord[]> {
    const sql = 'SELECT * FROM certificates WHERE not_after < ? AND profile <> ? ORDER BY not_after LIMIT ?'
    return this.connection()
      .all(sql, expiredBefore.getTime() / 1000, exceptProfile, limit)
      .map(certificateOf)
  }

  async listOpenReservations(reservedBefore: Date, limit: number): Promise<readonly Reservation[]> {
    return this.connection()
      .all(
        `SELECT * FROM reservations WHERE state = 'open' AND reserved_at <= ? ORDER BY reserved_at, id LIMIT ?`,
        reservedBefore.getTime() / 1000,
        limit,
      )
      .map(reservationOf)
  }

  async findSerial(caId: string, serialNumber: SerialNumber): Promise<SerialStatus | undefined> {
    const connection = this.connection()
    const row = connection.first(
      'SELECT * FROM reservations WHERE ca_id = ? AND serial_number = ?',
      caId,
      serialNumber,
    )
    if (row === undefined) return undefined
    const revocation = this.find(
      revocationOf,
      'SELECT * FROM revocations WHERE ca_id = ? AND serial_number = ? AND replaced_by IS NULL',
      caId,
      serialNumber,
    )
    return { ...reservationStatusOf(row), ...(revocation && { revocation }) }
  }

  async *listReservations(caId: string): AsyncGenerator<ReservationStatus> {
    const sql = `
      SELECT * FROM reservations WHERE ca_id = ? AND serial_number > ?
      ORDER BY serial_number LIMIT ${pageLength}`
    for (let after = ''; ; ) {
      const rows = this.connection().all(sql, caId, after)
      for (const row of rows) yield reservationStatusOf(row)
      if (rows.length < pageLength) return
      after = text(rows[rows.length - 1] as Row, 'serial_number')
    }
  }

  /** The instant is that of the call: what comes later has a higher position. */
  listRevocations(caId: string): AsyncIterable<Revocation> {
    return entriesOf(this.#pages('*', caId, onList))
  }

  listStatusLog(caId: string, serialNumber?: SerialNumber): AsyncIterable<Revocation> {
    return entriesOf(
      this.#pages('*', caId, serialNumber === undefined ? everything : ofSerialNumber(serialNumber)),
    )
  }

  listCrlEntries(caId: string, part: CrlPart = {}): AsyncIterable<Uint8Array> {
    const condition = partCondition(part)
    const after = part.since === undefined ? 0 : this.#positionOf(caId, part.since)
    return slabsOf(this.#pages('position, entry_der', caId, condition, after))
  }

  async crlState(caId: string, scope: string): Promise<CrlState> {
    const connection = this.connection()
    const counter = connection.first('SELECT revocation_count FROM ca_counters WHERE ca_id = ?', caId)
    const latest = this.find(
      crlSummaryOf,
      `SELECT ca_id, scope, number, base_number, this_update, next_update, revocation_count FROM crls
       WHERE ca_id = ? AND scope = ? ORDER BY number DESC LIMIT 1`,
      caId,
      scope,
    )
    const revocationCount = counter === undefined ? 0 : integer(counter, 'revocation_count')
    return latest === undefined ? { revocationCount } : { revocationCount, latest }
  }

  async findLatestCrl(caId: string, scope: string): Promise<CrlRecord | undefined> {
    const sql = 'SELECT * FROM crls WHERE ca_id = ? AND scope = ? ORDER BY number DESC LIMIT 1'
    return this.find(crlOf, sql, caId, scope)
  }

  async listLatestCrls(caId: string): Promise<readonly CrlSummary[]> {
    const sql = `
      SELECT ca_id, scope, number, base_number, this_update, next_update, revocation_count FROM crls
      WHERE ca_id = ? AND number IN (SELECT max(number) FROM crls WHERE ca_id = ? GROUP BY scope)
      ORDER BY number`
    return this.connection().all(sql, caId, caId).map(crlSummaryOf)
  }

  async findIdempotencyRecord(
    key: Pick<IdempotencyRecord, 'scope' | 'keyHash'>,
    now: Date,
  ): Promise<IdempotencyRecord | undefined> {
    return this.liveRecord(key, now)
  }

  async listAuditEvents(
    filter: { workspaceId?: string; subjectId?: string },
    limit: number,
  ): Promise<readonly AuditEvent[]> {
    const { workspaceId, subjectId } = filter
    const parts = ['TRUE']
    const values: Value[] = []
    if (workspaceId !== undefined) {
      parts.push('workspace_id = ?')
      values.push(workspaceId)
    }
    if (subjectId !== undefined) {
      parts.push('subject_id = ?')
      values.push(subjectId)
    }
    const sql = `SELECT * FROM audit_events WHERE ${parts.join(' AND ')} ORDER BY position LIMIT ?`
    return this.connection()
      .all(sql, ...values, limit)
      .map(auditEventOf)
  }

  async listOutboxEvents(limit: number): Promise<readonly OutboxEvent[]> {
    return this.connection()
      .all('SELECT * FROM outbox_events ORDER BY position LIMIT ?', limit)
      .map(outboxEventOf)
  }

  protected liveRecord(
    { scope, keyHash }: Pick<IdempotencyRecord, 'scope' | 'keyHash'>,
    now: Date,
  ): IdempotencyRecord | undefined {
    return this.find(
      idempotencyRecordOf,
      'SELECT * FROM idempotency_records WHERE key_hash = ? AND scope = ? AND live_until > ?',
      keyHash,
      scope,
      now.getTime() / 1000,
    )
  }

  #positionOf(caId: string, number: number): number {
    if (number === 0) return 0
    const sql = 'SELECT position FROM revocations WHERE ca_id = ? ORDER BY position LIMIT 1 OFFSET ?'
    const row = this.connection().first(sql, caId, number - 1)
    return row === undefined ? Number.MAX_SAFE_INTEGER : integer(row, 'position')
  }

  /** The entries as of now, by position. */
  #pages(columns: string, caId: string, condition: Condition, start = 0): Iterable<readonly Row[]> {
    const connection = this.connection()
    const last = connection.first('SELECT max(position) AS last FROM revocations WHERE ca_id = ?', caId)
    const end = last === undefined ? 0 : integer(last, 'last')
    const sql = `
      SELECT ${columns} FROM ${condition.from ?? 'revocations'}
      WHERE ca_id = ? AND position > ? AND position <= ? AND ${condition.sql}
      ORDER BY position LIMIT ${pageLength}`
    const values = condition.values.map((value) => (value === asOfNow ? end : value))
    return (function* pages() {
      for (let after = start; ; ) {
        const rows = connection.all(sql, caId, after, end, ...values)
        if (rows.length > 0) yield rows
        if (rows.length < pageLength) return
        after = integer(rows[rows.length - 1] as Row, 'position')
      }
    })()
  }
}

interface Condition {
  /** The table of the log, if it is not asked directly. */
  readonly from?: string
  readonly sql: string
  readonly values: readonly (Value | typeof asOfNow)[]
}

/** Stands for the last position of the reading. */
const asOfNow = Symbol('the last position')
const everything: Condition = { sql: 'TRUE', values: [] }
/** Each half has an index by serial number; they have none together. */
const ofSerialNumber = (serialNumber: SerialNumber): Condition => ({
  from: `(
    SELECT * FROM revocations WHERE replaced_by IS NULL
    UNION ALL SELECT * FROM revocations WHERE replaced_by IS NOT NULL)`,
  sql: 'serial_number = ?',
  values: [serialNumber],
})
const last: Condition = { sql: '(replaced_by IS NULL OR replaced_by > ?)', values: [asOfNow] }
/** The last entry of each serial number, unless that is good again. */
const onList: Condition = { ...last, sql: `${last.sql} AND reason <> 'removeFromCRL'` }

function partCondition({ since, partition }: CrlPart): Condition {
  const all = since === undefined ? onList : last
  if (partition === undefined) return all
  const ofPartition = 'substr(serial_number, -2) IN (SELECT value FROM json_each(?))'
  const octets = JSON.stringify(lastOctetsOf(partition))
  return { sql: `${all.sql} AND ${ofPartition}`, values: [...all.values, octets] }
}

async function* entriesOf(pages: Iterable<readonly Row[]>): AsyncGenerator<Revocation> {
  for (const rows of pages) for (const row of rows) yield revocationOf(row)
}

async function* slabsOf(pages: Iterable<readonly Row[]>): AsyncGenerator<Uint8Array> {
  for (const rows of pages) {
    const slab = Buffer.concat(rows.map((row) => bytes(row, 'entry_der')))
    yield new Uint8Array(slab.buffer, slab.byteOffset, slab.length)
  }
}
