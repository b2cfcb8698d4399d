import type { SerialNumber } from '../x509/serial-number.js'
import type { AccessReads, AccessTransaction } from './access-storage.js'
import type { AuditEvent, OutboxEvent } from './events.js'
import type { Page, PageRequest } from './pages.js'
import type {
  CaRecord,
  CertificateRecord,
  CrlRecord,
  CrlSummary,
  IdempotencyRecord,
  OcspResponder,
  Reservation,
  ReservationState,
  Revocation,
  User,
  Workspace,
} from './records.js'

/*
 * The storage port; who may ask is in access-storage.ts. It speaks in the domain's words, so that an adapter can choose its
 * own tables and indexes.
 *
 * What every adapter MUST keep:
 * - A promise that resolves means durable: what was written survives the end of the process.
 * - `transaction` is atomic and isolated: all of its writes become visible at once, or none; what it found (a CA and its
 *   lineage, a certificate, a reservation, the state of a list) has not been changed by another transaction when it
 *   commits. What it did not find may be there by then: that is for uniqueness, below. Where the database cannot promise
 *   that for a given run, the adapter fails with `storage_conflict` / `serialization`, and the caller may run the whole
 *   transaction again.
 * - Uniqueness is the database's, not a read before a write: two processes with the same serial get one success and
 *   one `storage_conflict` that names the constraint.
 * - No driver error escapes: `storage_conflict` or `storage_unavailable`, with the driver's error as `cause`.
 * - Bytes, times (whole seconds, UTC) and absence (`undefined`) come back as they went in.
 */

export interface CaFilter {
  /** Absent: of every workspace. */
  readonly workspaceId?: string
  /** Only these; absent: all. An empty list matches nothing. */
  readonly caIds?: readonly string[]
  readonly parentCaId?: string
  readonly type?: 'root' | 'intermediate'
  /** Revoked CAs are left out unless this is true. */
  readonly includeRevoked?: boolean
}

export interface CertificateFilter {
  readonly workspaceId?: string
  /** Only of these CAs; absent: of all. An empty list matches nothing. */
  readonly caIds?: readonly string[]
  /** `active`: neither revoked nor, at `now`, expired. */
  readonly status?: 'active' | 'revoked'
  /** Part of the common name, compared without case; every character stands for itself. */
  readonly search?: string
  /** Inclusive. */
  readonly createdFrom?: Date
  /** Inclusive. */
  readonly createdTo?: Date
  /** notAfter at or before this time, and not before `now`. */
  readonly expiringBefore?: Date
  /** Of one public key: see `CertificateRecord.spkiHash`. */
  readonly spkiHash?: string
  /** The renewals of one certificate. */
  readonly renewedFrom?: string
  /** The time that `active` and `expiringBefore` are judged at. */
  readonly now: Date
}

export interface ExpiredFilter {
  /** notAfter before this time. */
  readonly expiredBefore: Date
  /** Not those of this profile. */
  readonly exceptProfile: string
}

export interface ReservationStatus {
  readonly reservation: Reservation
  readonly state: ReservationState
}

/** All that is known of one serial number of one issuer. */
export interface SerialStatus extends ReservationStatus {
  readonly revocation?: Revocation
}

export interface CrlState {
  /** How many entries the status log of the CA has now. */
  readonly revocationCount: number
  /** The list with the highest number of those of the scope, without its bytes, which may be 50 MB. */
  readonly latest?: CrlSummary
}

/** Which entries a list has, where it does not have all. */
export interface CrlPart {
  /**
   * The serial numbers that have entries behind the first `since` of the status log, and their last entries: those of a
   * delta CRL. Only here an ended hold is an entry (`removeFromCRL`).
   */
  readonly since?: number
  /** The serial numbers whose last octet is `index` modulo `count`, which is a power of two up to 256. */
  readonly partition?: { readonly index: number; readonly count: number }
}

export interface StorageReads extends AccessReads {
  findWorkspace(workspaceId: string): Promise<Workspace | undefined>
  findWorkspaceBySlug(slug: string): Promise<Workspace | undefined>
  findUser(userId: string): Promise<User | undefined>

  findCa(caId: string): Promise<CaRecord | undefined>
  /**
   * The CA, its parent, the parent's parent and so on, as far as they are kept here; empty where there is no such CA. One
   * round trip: every issuance asks, once before the signature and once in the transaction that records it.
   */
  findCaLineage(caId: string): Promise<readonly CaRecord[]>
  /** Sorted by creation time, then by id, oldest first. */
  listCas(filter: CaFilter): Promise<readonly CaRecord[]>

  findCertificate(certificateId: string): Promise<CertificateRecord | undefined>
  /** Newest first: by creation time, those of one second by id, both descending. */
  listCertificates(filter: CertificateFilter, page: PageRequest): Promise<Page<CertificateRecord>>
  /** In any order. */
  listExpiredCertificates(filter: ExpiredFilter, limit: number): Promise<readonly CertificateRecord[]>

  /** Reservations that are open and were made at or before `reservedBefore`, oldest first. */
  listOpenReservations(reservedBefore: Date, limit: number): Promise<readonly Reservation[]>
  /** `undefined`: the CA never reserved this serial number. */
  findSerial(caId: string, serialNumber: SerialNumber): Promise<SerialStatus | undefined>
  /**
   * Every reservation of the CA, in any order; there may be millions. One that is made while they are read may be left out,
   * and the state of each is that of some moment meanwhile.
   */
  listReservations(caId: string): AsyncIterable<ReservationStatus>
  /**
   * The last entry of every serial number that has one, unless it ended a hold, at one instant, in the order of the log;
   * there may be millions.
   */
  listRevocations(caId: string): AsyncIterable<Revocation>
  /** Every entry of the status log, of the CA or of one serial number, at one instant, in the order in which they came. */
  listStatusLog(caId: string, serialNumber?: SerialNumber): AsyncIterable<Revocation>
  /**
   * What `listRevocations` gives as the content of a CRL: the `entryDer` of each, one behind the other, in slabs of any
   * number of entries, at one instant, in the order of the log. A million entries are 50 MB: an adapter joins them where
   * they lie, and makes no record of each.
   *
   * @param part absent: all
   */
  listCrlEntries(caId: string, part?: CrlPart): AsyncIterable<Uint8Array>
  /** @param scope of the lists that `latest` is one of */
  crlState(caId: string, scope: string): Promise<CrlState>
  findLatestCrl(caId: string, scope: string): Promise<CrlRecord | undefined>
  /** The latest list of each scope, by number, lowest first. */
  listLatestCrls(caId: string): Promise<readonly CrlSummary[]>

  /** A live record, or `undefined`. */
  findIdempotencyRecord(
    key: Pick<IdempotencyRecord, 'scope' | 'keyHash'>,
    now: Date,
  ): Promise<IdempotencyRecord | undefined>

  /** Oldest first. */
  listAuditEvents(
    filter: { workspaceId?: string; subjectId?: string },
    limit: number,
  ): Promise<readonly AuditEvent[]>
  /** What is not yet acknowledged, oldest first. */
  listOutboxEvents(limit: number): Promise<readonly OutboxEvent[]>
}

export interface StorageTransaction extends StorageReads, AccessTransaction {
  insertWorkspace(workspace: Workspace): Promise<void>
  insertUser(user: User): Promise<void>

  /** All or none. @throws {PkiError} `storage_conflict` / `serial_number`: a CA has this serial number already */
  insertReservations(reservations: readonly Reservation[]): Promise<void>
  /**
   * Open reservations become recorded or abandoned; those that are not open stay as they are.
   *
   * @returns how many were open
   */
  closeReservations(reservationIds: readonly string[], state: 'recorded' | 'abandoned'): Promise<number>

  /** @throws {PkiError} `storage_conflict` / `ca_name`: another CA of the workspace that is not revoked has the name */
  insertCa(ca: CaRecord): Promise<void>
  setOcspResponder(caId: string, responder: OcspResponder): Promise<void>
  insertCertificates(certificates: readonly CertificateRecord[]): Promise<void>
  /**
   * Forget the records of these certificates. Their reservations stay and become `archived`, so that no serial number is
   * given again; the status log stays as it is.
   *
   * @returns the ids of those that were there, in any order
   */
  archiveCertificates(certificateIds: readonly string[]): Promise<readonly string[]>

  /**
   * Add to the status log, if the status is still what the caller saw, and mark the CA or certificate with this id,
   * where there is one, as revoked; or, where the entry ends a hold (reason `removeFromCRL`), as not revoked.
   *
   * @param subject.replacesHold the serial number is on hold: its last entry has the reason `certificateHold`; else it has
   *   no entry yet, or its last one ended a hold
   * @returns false, and nothing is written, where that is not so
   */
  insertRevocation(
    revocation: Revocation,
    subject: { readonly id: string; readonly replacesHold: boolean },
  ): Promise<boolean>

  /** The next number of the CA's CRLs: 1, 2, 3 …; a number is given once, even where its list is never made. */
  nextCrlNumber(caId: string): Promise<number>
  insertCrl(crl: CrlRecord): Promise<void>

  /**
   * Keep the record, unless a live one with the same scope and key exists.
   *
   * @returns the live one that stands in the way, else `undefined`
   */
  claimIdempotencyKey(record: IdempotencyRecord, now: Date): Promise<IdempotencyRecord | undefined>
  /**
   * The request is answered: the record of this certificate becomes `completed`.
   *
   * @returns false where the key belongs to another certificate by now
   */
  completeIdempotencyKey(record: IdempotencyRecord): Promise<boolean>
  /** The request failed before anything was signed: forget the record, if it is still of this certificate. */
  releaseIdempotencyKey(record: IdempotencyRecord): Promise<void>

  appendEvents(events: {
    readonly audit: readonly AuditEvent[]
    readonly outbox: readonly OutboxEvent[]
  }): Promise<void>
  /** Delivered: these ids are no longer listed. Unknown ids are ignored. */
  acknowledgeOutboxEvents(ids: readonly string[]): Promise<void>
}

export interface Storage extends StorageReads {
  /**
   * Run `work` in one transaction: committed when its promise resolves, rolled back when it rejects. `work` may run
   * more than once (after a serialization failure), so it touches nothing but `tx`. After a `storage_conflict` inside
   * it, `work` can only reject: many databases take nothing more in a transaction that has failed.
   */
  transaction<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T>

  /**
   * Run `work` inside a transaction that the host has opened with the same database, so that its rows and ours commit or
   * vanish together. Called once: it is the host that can run its transaction again. An adapter that has no such thing
   * leaves the method out, and asking for it is refused.
   *
   * @param hostTransaction what the adapter says: for Postgres, an executor on the connection of the transaction
   */
  joinTransaction?<T>(hostTransaction: unknown, work: (tx: StorageTransaction) => Promise<T>): Promise<T>
}
