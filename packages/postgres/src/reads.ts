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
import { AccessReads } from './access-reads.js'
import { caCondition, certificateCondition } from './filters.js'
import type { IdempotencyKey } from './idempotency-statements.js'
import type { Session } from './session.js'

/** Entries of the status log, or reservations, that are read at a time. */
const pageLength = 20_000

/** Longest lineage that is followed, as in core's own chains. */
const maximumLineage = 32

/**
 * Everything that can be read, from what is committed or inside a transaction. There, rows on which a decision may rest
 * are read `FOR SHARE`: who wants to change them waits until the decision is committed. That keeps what the port
 * promises of isolation without SERIALIZABLE, under which two issuances that insert into one page of an index would
 * abort each other for nothing.
 */
export abstract class Reads extends AccessReads implements StorageReads {
  async findWorkspace(workspaceId: string): Promise<Workspace | undefined> {
    return this.find(workspaceOf, 'SELECT * FROM @workspaces WHERE id = $1', workspaceId)
  }

  async findWorkspaceBySlug(slug: string): Promise<Workspace | undefined> {
    return this.find(workspaceOf, 'SELECT * FROM @workspaces WHERE slug = $1', slug)
  }

  async findUser(userId: string): Promise<User | undefined> {
    return this.find(userOf, 'SELECT * FROM @users WHERE id = $1', userId)
  }

  async findCa(caId: string): Promise<CaRecord | undefined> {
    const session = await this.session()
    const [row] = await session.allKept(`SELECT ${caColumns} FROM @cas AS c WHERE id = $1 ${this.lock}`, caId)
    return row && caOf(row)
  }

  async findCaLineage(caId: string): Promise<readonly CaRecord[]> {
    return (await this.lineageRows(caId)).map(caOf)
  }

  protected async lineageRows(caId: string): Promise<readonly Row[]> {
    const sql = `
      SELECT ${caColumns}, c.xmin::text AS version
      FROM (
        WITH RECURSIVE lineage (id, generation) AS (
          SELECT $1::text, 0
          UNION ALL
          SELECT c.parent_ca_id, generation + 1 FROM lineage JOIN @cas c ON c.id = lineage.id
          WHERE c.parent_ca_id IS NOT NULL AND generation < ${maximumLineage}
        )
        SELECT id, generation FROM lineage
      ) AS lineage JOIN @cas c ON c.id = lineage.id
      ORDER BY generation ${this.lock && 'FOR SHARE OF c'}`
    return (await this.session()).allKept(sql, caId)
  }

  async listCas(filter: CaFilter): Promise<readonly CaRecord[]> {
    const { sql, values } = caCondition(filter)
    const session = await this.session()
    return (await session.all(`SELECT * FROM @cas WHERE ${sql} ORDER BY created_at, id`, ...values)).map(caOf)
  }

  async findCertificate(certificateId: string): Promise<CertificateRecord | undefined> {
    const sql = `SELECT ${certificateColumns} FROM @certificates WHERE id = $1 ${this.lock}`
    const [row] = await (await this.session()).allKept(sql, certificateId)
    return row && certificateOf(row)
  }

  async listCertificates(filter: CertificateFilter, page: PageRequest): Promise<Page<CertificateRecord>> {
    const first = firstOfPage(page)
    const { sql, values } = certificateCondition(filter)
    const session = await this.session()
    const total = await session.first(`SELECT count(*) AS total FROM @certificates WHERE ${sql}`, ...values)
    const rows = await session.all(
      `SELECT * FROM @certificates WHERE ${sql} ORDER BY created_at DESC, id DESC
       LIMIT ${page.pageSize} OFFSET ${first}`,
      ...values,
    )
    return { items: rows.map(certificateOf), total: total === undefined ? 0 : integer(total, 'total') }
  }

  /** CA by CA, as the index has them. */
  async listExpiredCertificates(
    { expiredBefore, exceptProfile }: ExpiredFilter,
    limit: number,
  ): Promise<readonly CertificateRecord[]> {
    const sql = `
      SELECT expired.* FROM @cas AS ca CROSS JOIN LATERAL (
        SELECT * FROM @certificates WHERE ca_id = ca.id AND not_after < $1 AND profile <> $2
        ORDER BY not_after LIMIT $3
      ) AS expired LIMIT $3`
    const session = await this.session()
    const rows = await session.all(sql, Math.ceil(expiredBefore.getTime() / 1000), exceptProfile, limit)
    return rows.map(certificateOf)
  }

  async listOpenReservations(reservedBefore: Date, limit: number): Promise<readonly Reservation[]> {
    const sql = `
      SELECT * FROM @reservations WHERE state = 'open' AND reserved_at <= $1
      ORDER BY reserved_at, id LIMIT $2`
    const session = await this.session()
    return (await session.all(sql, wholeSeconds(reservedBefore), limit)).map(reservationOf)
  }

  async findSerial(caId: string, serialNumber: SerialNumber): Promise<SerialStatus | undefined> {
    const session = await this.session()
    const row = await session.first(
      `SELECT * FROM @reservations WHERE ca_id = $1 AND serial_number = $2 ${this.lock}`,
      caId,
      serialNumber,
    )
    if (row === undefined) return undefined
    const revocation = await this.find(
      revocationOf,
      'SELECT * FROM @revocations WHERE ca_id = $1 AND serial_number = $2 AND replaced_by IS NULL',
      caId,
      serialNumber,
    )
    return { ...reservationStatusOf(row), ...(revocation && { revocation }) }
  }

  async *listReservations(caId: string): AsyncGenerator<ReservationStatus> {
    const session = await this.session()
    const sql = `
      SELECT * FROM @reservations WHERE ca_id = $1 AND serial_number > $2
      ORDER BY serial_number LIMIT ${pageLength}`
    for (let after = ''; ; ) {
      const rows = await session.all(sql, caId, after)
      for (const row of rows) yield reservationStatusOf(row)
      if (rows.length < pageLength) return
      after = text(rows[rows.length - 1] as Row, 'serial_number')
    }
  }

  listRevocations(caId: string): AsyncIterable<Revocation> {
    return this.#entries(caId, onList)
  }

  listStatusLog(caId: string, serialNumber?: SerialNumber): AsyncIterable<Revocation> {
    return this.#entries(caId, serialNumber === undefined ? everything : ofSerialNumber(serialNumber))
  }

  /** Joined where they lie: a page is one value. */
  async *listCrlEntries(caId: string, part: CrlPart = {}): AsyncIterable<Uint8Array> {
    const session = await this.session()
    const end = await lastPosition(session, caId)
    const condition = partCondition(part)
    const sql = `
      SELECT string_agg(entry_der, ''::bytea ORDER BY position) AS slab, max(position) AS last, count(*) AS length
      FROM (SELECT position, entry_der ${pageOf(condition)}) AS page`
    for (let after = await positionOf(session, caId, part.since ?? 0); ; ) {
      const row = await session.first(sql, caId, after, end, ...condition.values)
      if (row === undefined || integer(row, 'length') === 0) return
      yield bytes(row, 'slab')
      after = integer(row, 'last')
    }
  }

  /** The instant is that of the first page: what comes later has a higher position. */
  async *#entries(caId: string, condition: Condition): AsyncGenerator<Revocation> {
    const session = await this.session()
    const end = await lastPosition(session, caId)
    for (let after = 0; ; ) {
      const rows = await session.all(`SELECT * ${pageOf(condition)}`, caId, after, end, ...condition.values)
      for (const row of rows) yield revocationOf(row)
      if (rows.length < pageLength) return
      after = integer(rows[rows.length - 1] as Row, 'position')
    }
  }

  async crlState(caId: string, scope: string): Promise<CrlState> {
    const session = await this.session()
    // A publisher that decides by the state must not be crossed by another one: the counter is its lock.
    if (this.lock) await session.allKept('SELECT 1 FROM @ca_counters WHERE ca_id = $1 FOR UPDATE', caId)
    const sql = `
      SELECT (SELECT revocation_count FROM @ca_counters WHERE ca_id = $1) AS counted, latest.*
      FROM (SELECT) AS nothing LEFT JOIN LATERAL (
        SELECT ca_id, scope, number, base_number, this_update, next_update, revocation_count FROM @crls
        WHERE ca_id = $1 AND scope = $2 ORDER BY number DESC LIMIT 1
      ) AS latest ON TRUE`
    const [row = {}] = await session.allKept(sql, caId, scope)
    const revocationCount = integer(row, 'counted')
    return row['ca_id'] === null ? { revocationCount } : { revocationCount, latest: crlSummaryOf(row) }
  }

  async findLatestCrl(caId: string, scope: string): Promise<CrlRecord | undefined> {
    const sql = 'SELECT * FROM @crls WHERE ca_id = $1 AND scope = $2 ORDER BY number DESC LIMIT 1'
    return this.find(crlOf, sql, caId, scope)
  }

  async listLatestCrls(caId: string): Promise<readonly CrlSummary[]> {
    const sql = `
      SELECT ca_id, scope, number, base_number, this_update, next_update, revocation_count FROM @crls
      WHERE ca_id = $1 AND number IN (SELECT max(number) FROM @crls WHERE ca_id = $1 GROUP BY scope)
      ORDER BY number`
    return (await (await this.session()).all(sql, caId)).map(crlSummaryOf)
  }

  async findIdempotencyRecord(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined> {
    const row = await (await this.session()).findLive(key, wholeSeconds(now))
    return row && idempotencyRecordOf(row)
  }

  async listAuditEvents(
    { workspaceId, subjectId }: { workspaceId?: string; subjectId?: string },
    limit: number,
  ): Promise<readonly AuditEvent[]> {
    const sql = `
      SELECT * FROM @audit_events
      WHERE ($1::text IS NULL OR workspace_id = $1) AND ($2::text IS NULL OR subject_id = $2)
      ORDER BY position LIMIT $3`
    return (await (await this.session()).all(sql, workspaceId, subjectId, limit)).map(auditEventOf)
  }

  async listOutboxEvents(limit: number): Promise<readonly OutboxEvent[]> {
    const sql = 'SELECT * FROM @outbox_events ORDER BY position LIMIT $1'
    return (await (await this.session()).all(sql, limit)).map(outboxEventOf)
  }
}

/** Of a statement that is kept: see `Statement.isKept`. */
const caColumns = `
  c.id, c.workspace_id, c.name, c.parent_ca_id, c.depth, c.certificate_der, c.external_chain, c.serial_number, c.not_before,
  c.not_after, c.path_length, c.key_algorithm, c.key_id, c.has_passphrase, c.ocsp_key_id, c.ocsp_key_algorithm,
  c.ocsp_certificate_der, c.ocsp_not_before, c.ocsp_not_after, c.created_at, c.revoked_at, c.revocation_reason`

/** The same. */
const certificateColumns = `
  id, workspace_id, ca_id, serial_number, mode, profile, common_name, san_dns, san_ip, san_email, san_uri, key_algorithm,
  spki_hash, certificate_der, not_before, not_after, created_at, renewed_from, revoked_at, revocation_reason`

interface Condition {
  /** The table of the log, if it is not asked directly. */
  readonly from?: string
  readonly sql: string
  /** From `$4` on. */
  readonly values: readonly unknown[]
}

const everything: Condition = { sql: 'TRUE', values: [] }
/** Each half has an index by serial number; they have none together. */
const ofSerialNumber = (serialNumber: SerialNumber): Condition => ({
  from: `(
    SELECT * FROM @revocations WHERE replaced_by IS NULL
    UNION ALL SELECT * FROM @revocations WHERE replaced_by IS NOT NULL) AS log`,
  sql: 'serial_number = $4',
  values: [serialNumber],
})
/** The last entry of each serial number as of the end. */
const last: Condition = { sql: '(replaced_by IS NULL OR replaced_by > $3)', values: [] }
/** Unless it is good again. */
const onList: Condition = { sql: `${last.sql} AND reason <> 'removeFromCRL'`, values: [] }

function partCondition({ since, partition }: CrlPart): Condition {
  const all = since === undefined ? onList : last
  if (partition === undefined) return all
  return {
    sql: `${all.sql} AND right(serial_number, 2) = ANY($4::text[])`,
    values: [lastOctetsOf(partition)],
  }
}

/** Of the CA `$1`, behind position `$2`, up to `$3`. */
const pageOf = ({ from = '@revocations', sql }: Condition): string => `
  FROM ${from}
  WHERE ca_id = $1 AND position > $2 AND position <= $3 AND ${sql}
  ORDER BY position LIMIT ${pageLength}`

/**
 * Of the entry with this number in the status log of the CA, from 1. Counted from the end, which is where deltas are: it
 * takes as long as they do, however long the log.
 */
async function positionOf(session: Session, caId: string, number: number): Promise<number> {
  if (number === 0) return 0
  const sql = `
    SELECT log.position FROM @ca_counters AS counter, LATERAL (
      SELECT position FROM @revocations WHERE ca_id = $1
      ORDER BY position DESC LIMIT 1 OFFSET greatest(counter.revocation_count - $2, 0)
    ) AS log
    WHERE counter.ca_id = $1 AND counter.revocation_count >= $2`
  const row = await session.first(sql, caId, number)
  return row === undefined ? Number.MAX_SAFE_INTEGER : integer(row, 'position')
}

async function lastPosition(session: Session, caId: string): Promise<number> {
  const row = await session.first('SELECT max(position) AS last FROM @revocations WHERE ca_id = $1', caId)
  return row === undefined ? 0 : integer(row, 'last')
}

/** Of a time to compare with: those that are kept are whole. */
const wholeSeconds = (time: Date): number => Math.floor(time.getTime() / 1000)
