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
import { AccessReads } from './access-reads.js'
import { selectCas } from './ca-filter.js'
import { selectCertificates } from './certificate-filter.js'
import { copyCrl, copyFound, copyRecord, detached } from './copy-record.js'
import { firstOfPage } from './first-of-page.js'
import { liveRecord } from './idempotency.js'
import { scopeKey, serialKey, type Tables } from './tables.js'

/** Everything that can be read, from the committed tables or from the draft of a transaction. */
export abstract class Reads extends AccessReads implements StorageReads {
  protected abstract override tables(): Tables

  async findWorkspace(workspaceId: string): Promise<Workspace | undefined> {
    return copyFound(this.tables().workspaces.get(workspaceId))
  }

  async findWorkspaceBySlug(slug: string): Promise<Workspace | undefined> {
    const { workspaces, workspaceIdBySlug } = this.tables()
    const id = workspaceIdBySlug.get(slug)
    return id === undefined ? undefined : copyFound(workspaces.get(id))
  }

  async findUser(userId: string): Promise<User | undefined> {
    return copyFound(this.tables().users.get(userId))
  }

  async findCa(caId: string): Promise<CaRecord | undefined> {
    const ca = this.tables().cas.get(caId)
    return ca && copyCa(ca)
  }

  /** No CA comes twice, so that a loop in a broken store ends. */
  async findCaLineage(caId: string): Promise<readonly CaRecord[]> {
    const { cas } = this.tables()
    const lineage = new Set<CaRecord>()
    let ca = cas.get(caId)
    while (ca !== undefined && !lineage.has(ca)) {
      lineage.add(ca)
      ca = ca.parentCaId === undefined ? undefined : cas.get(ca.parentCaId)
    }
    return [...lineage].map(copyCa)
  }

  async listCas(filter: CaFilter): Promise<readonly CaRecord[]> {
    return selectCas(this.tables(), filter).map(copyRecord)
  }

  async findCertificate(certificateId: string): Promise<CertificateRecord | undefined> {
    const certificate = this.tables().certificates.get(certificateId)
    return certificate && detached({ ...certificate })
  }

  async listCertificates(filter: CertificateFilter, page: PageRequest): Promise<Page<CertificateRecord>> {
    const first = firstOfPage(page)
    const selected = selectCertificates(this.tables(), filter)
    return { items: selected.slice(first, first + page.pageSize).map(copyRecord), total: selected.length }
  }

  /** A scan from the oldest on, which expire first as a rule. */
  async listExpiredCertificates(
    { expiredBefore, exceptProfile }: ExpiredFilter,
    limit: number,
  ): Promise<readonly CertificateRecord[]> {
    const expired: CertificateRecord[] = []
    for (const certificate of this.tables().certificates.values()) {
      if (expired.length >= limit) break
      if (certificate.notAfter >= expiredBefore || certificate.profile === exceptProfile) continue
      expired.push(copyRecord(certificate))
    }
    return expired
  }

  async listOpenReservations(reservedBefore: Date, limit: number): Promise<readonly Reservation[]> {
    const { reservations, openReservations } = this.tables()
    const open: Reservation[] = []
    for (const id of openReservations.values()) {
      const reservation = reservations.get(id)?.reservation
      if (reservation !== undefined && reservation.reservedAt <= reservedBefore) open.push(reservation)
    }
    open.sort((a, b) => a.reservedAt.getTime() - b.reservedAt.getTime() || (a.id < b.id ? -1 : 1))
    return open.slice(0, limit).map(copyRecord)
  }

  async findSerial(caId: string, serialNumber: SerialNumber): Promise<SerialStatus | undefined> {
    const tables = this.tables()
    const key = serialKey(caId, serialNumber)
    const id = tables.reservationIdBySerial.get(key)
    const row = id === undefined ? undefined : tables.reservations.get(id)
    if (row === undefined) return undefined
    const revocation = tables.revocationsOfCa.get(caId)?.last(serialNumber)
    const reservation = detached({ ...row.reservation })
    if (revocation === undefined) return { reservation, state: row.state }
    return { reservation, state: row.state, revocation: copyRecord(revocation) }
  }

  /** A scan of the reservations of all CAs. */
  listReservations(caId: string): AsyncIterable<ReservationStatus> {
    return streamOf(reservationsOf(this.tables(), caId))
  }

  /** The instant is that of the call. */
  listRevocations(caId: string): AsyncIterable<Revocation> {
    return streamOf(this.tables().revocationsOfCa.get(caId)?.lastEntries() ?? [])
  }

  listStatusLog(caId: string, serialNumber?: SerialNumber): AsyncIterable<Revocation> {
    return streamOf(this.tables().revocationsOfCa.get(caId)?.entries(serialNumber) ?? [])
  }

  /** The slabs are views on what is kept: a copy of a million entries is what a CA at work has no room for. */
  listCrlEntries(caId: string, part?: CrlPart): AsyncIterable<Uint8Array> {
    return streamOf(this.tables().revocationsOfCa.get(caId)?.slabs(part) ?? [])
  }

  async crlState(caId: string, scope: string): Promise<CrlState> {
    const { revocationsOfCa, latestCrlOfScope } = this.tables()
    const revocationCount = revocationsOfCa.get(caId)?.count ?? 0
    const latest = latestCrlOfScope.get(scopeKey(caId, scope))
    if (latest === undefined) return { revocationCount }
    return { revocationCount, latest: summaryOf(latest) }
  }

  async findLatestCrl(caId: string, scope: string): Promise<CrlRecord | undefined> {
    const latest = this.tables().latestCrlOfScope.get(scopeKey(caId, scope))
    return latest === undefined ? undefined : copyCrl(latest)
  }

  async listLatestCrls(caId: string): Promise<readonly CrlSummary[]> {
    const lists = [...this.tables().latestCrlOfScope.values()].filter((list) => list.caId === caId)
    return lists.map(summaryOf).sort((a, b) => a.number - b.number)
  }

  async findIdempotencyRecord(
    key: Pick<IdempotencyRecord, 'scope' | 'keyHash'>,
    now: Date,
  ): Promise<IdempotencyRecord | undefined> {
    return copyFound(liveRecord(this.tables(), key, now))
  }

  /** A scan from the oldest event on. */
  async listAuditEvents(
    filter: { workspaceId?: string; subjectId?: string },
    limit: number,
  ): Promise<readonly AuditEvent[]> {
    const { workspaceId, subjectId } = filter
    const events: AuditEvent[] = []
    for (const event of this.tables().auditEvents.values()) {
      if (events.length >= limit) break
      if (workspaceId !== undefined && event.workspaceId !== workspaceId) continue
      if (subjectId !== undefined && event.subjectId !== subjectId) continue
      events.push(copyRecord(event))
    }
    return events
  }

  async listOutboxEvents(limit: number): Promise<readonly OutboxEvent[]> {
    const events: OutboxEvent[] = []
    for (const event of this.tables().outboxEvents.values()) {
      if (events.length >= limit) break
      events.push(copyRecord(event))
    }
    return events
  }
}

function* reservationsOf({ reservations }: Tables, caId: string): Generator<ReservationStatus> {
  for (const row of reservations.values()) if (row.reservation.caId === caId) yield copyRecord(row)
}

/** Written out because an async generator takes twice the time, which a log of a million entries feels. */
const streamOf = <T>(items: Iterable<T>): AsyncIterable<T> => ({
  [Symbol.asyncIterator]() {
    const iterator = items[Symbol.iterator]()
    return { next: async () => iterator.next() }
  },
})

function summaryOf({ der: _der, ...summary }: CrlRecord): CrlSummary {
  return copyRecord(summary)
}

const copyCa = (ca: CaRecord): CaRecord => detached({ ...ca })
