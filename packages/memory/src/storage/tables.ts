import type {
  ApiKey,
  AuditEvent,
  CaRecord,
  CertificateRecord,
  CrlRecord,
  IdempotencyRecord,
  Membership,
  OAuthArtifact,
  OAuthArtifactKind,
  OAuthClient,
  OAuthGrant,
  OutboxEvent,
  Reservation,
  ReservationState,
  User,
  Workspace,
} from '@certwright/core'
import { DraftRows, type Rows } from './draft-rows.js'
import type { RevocationLog } from './revocation-log.js'

/*
 * The tables, each a `Map`. Committed tables change in one place alone, at the end of a transaction, between two turns
 * of the event loop. A transaction writes into a draft that lies over them (draft-rows.ts). So whoever reads outside
 * sees committed rows only, without locks, while the transaction sees its own writes; a rollback forgets the draft.
 *
 * A row is never changed in place: a new one takes its place. An index is a table too.
 */

interface RowTypes {
  workspaces: Workspace
  workspaceIdBySlug: string
  users: User
  /** By the email in lowercase. */
  userIdByEmail: string
  apiKeys: ApiKey
  /** By the hash of the secret, and of the one before. */
  apiKeyIdByHash: string
  /** By `memberKey`. */
  memberships: Membership
  oauthClients: OAuthClient
  oauthGrants: OAuthGrant
  /** By `artifactKey`. */
  oauthArtifacts: OAuthArtifact
  /** By the `artifactKey` of the uid. */
  artifactKeyByUid: string
  cas: CaRecord
  /** By `namedCaKey`; CAs that are not revoked. */
  caIdByName: string
  certificates: CertificateRecord
  certificatesOfCa: CertificateIds
  reservations: ReservationRow
  /** The ids of those that are open. */
  openReservations: string
  /** By `serialKey`. */
  reservationIdBySerial: string
  revocationsOfCa: RevocationLog
  /** The number that was given last. */
  crlNumberOfCa: number
  /** By `scopeKey`. */
  latestCrlOfScope: CrlRecord
  /** By `crlKey`: the numbers whose lists were made. The lists themselves, up to 40 MB each, are not kept. */
  crlNumbers: number
  /** By `idempotencyKey`. */
  idempotencyRecords: IdempotencyRecord
  auditEvents: AuditEvent
  outboxEvents: OutboxEvent
}

/** The ids of a CA's certificates, newest first: a list whose tails are shared, so that adding costs nothing. */
export interface CertificateIds {
  readonly id: string
  readonly older: CertificateIds | undefined
}

export interface ReservationRow {
  readonly reservation: Reservation
  readonly state: ReservationState
}

export type Committed = { readonly [T in keyof RowTypes]: Map<string, RowTypes[T]> }
export type Draft = { readonly [T in keyof RowTypes]: DraftRows<RowTypes[T]> }
export type Tables = { readonly [T in keyof RowTypes]: Rows<RowTypes[T]> }

export const emptyTables = (): Committed => ({
  workspaces: new Map(),
  workspaceIdBySlug: new Map(),
  users: new Map(),
  userIdByEmail: new Map(),
  apiKeys: new Map(),
  apiKeyIdByHash: new Map(),
  memberships: new Map(),
  oauthClients: new Map(),
  oauthGrants: new Map(),
  oauthArtifacts: new Map(),
  artifactKeyByUid: new Map(),
  cas: new Map(),
  caIdByName: new Map(),
  certificates: new Map(),
  certificatesOfCa: new Map(),
  reservations: new Map(),
  openReservations: new Map(),
  reservationIdBySerial: new Map(),
  revocationsOfCa: new Map(),
  crlNumberOfCa: new Map(),
  latestCrlOfScope: new Map(),
  crlNumbers: new Map(),
  idempotencyRecords: new Map(),
  auditEvents: new Map(),
  outboxEvents: new Map(),
})

export const draftOf = (committed: Committed): Draft => ({
  workspaces: new DraftRows(committed.workspaces),
  workspaceIdBySlug: new DraftRows(committed.workspaceIdBySlug),
  users: new DraftRows(committed.users),
  userIdByEmail: new DraftRows(committed.userIdByEmail),
  apiKeys: new DraftRows(committed.apiKeys),
  apiKeyIdByHash: new DraftRows(committed.apiKeyIdByHash),
  memberships: new DraftRows(committed.memberships),
  oauthClients: new DraftRows(committed.oauthClients),
  oauthGrants: new DraftRows(committed.oauthGrants),
  oauthArtifacts: new DraftRows(committed.oauthArtifacts),
  artifactKeyByUid: new DraftRows(committed.artifactKeyByUid),
  cas: new DraftRows(committed.cas),
  caIdByName: new DraftRows(committed.caIdByName),
  certificates: new DraftRows(committed.certificates),
  certificatesOfCa: new DraftRows(committed.certificatesOfCa),
  reservations: new DraftRows(committed.reservations),
  openReservations: new DraftRows(committed.openReservations),
  reservationIdBySerial: new DraftRows(committed.reservationIdBySerial),
  revocationsOfCa: new DraftRows(committed.revocationsOfCa),
  crlNumberOfCa: new DraftRows(committed.crlNumberOfCa),
  latestCrlOfScope: new DraftRows(committed.latestCrlOfScope),
  crlNumbers: new DraftRows(committed.crlNumbers),
  idempotencyRecords: new DraftRows(committed.idempotencyRecords),
  auditEvents: new DraftRows(committed.auditEvents),
  outboxEvents: new DraftRows(committed.outboxEvents),
})

export function commitDraft(draft: Draft): void {
  for (const rows of Object.values(draft)) rows.commit()
}

// Ids, serial numbers and hashes have no spaces, so a space between them and the rest makes one key of one pair.
export const serialKey = (caId: string, serialNumber: string): string => `${caId} ${serialNumber}`
export const namedCaKey = (workspaceId: string, name: string): string => `${workspaceId} ${name}`
export const memberKey = (workspaceId: string, userId: string): string => `${workspaceId} ${userId}`
/** @param idHash or uid */
export const artifactKey = (kind: OAuthArtifactKind, idHash: string): string => `${kind} ${idHash}`
export const scopeKey = (caId: string, scope: string): string => `${caId} ${scope}`
export const crlKey = (caId: string, number: number): string => `${caId} ${number}`
export const idempotencyKey = (record: Pick<IdempotencyRecord, 'scope' | 'keyHash'>): string =>
  `${record.keyHash} ${record.scope}`
