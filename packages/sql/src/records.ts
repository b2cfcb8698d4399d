import type {
  AuditEvent,
  CaRecord,
  CertificateRecord,
  CrlRecord,
  CrlSummary,
  IdempotencyRecord,
  OutboxEvent,
  Reservation,
  ReservationStatus,
  Revocation,
  SealedKey,
  User,
  Workspace,
} from '@certwright/core'
import type { Row } from './row.js'
import { bytes, integer, json, present, text, time } from './values.js'

/* Rows as records. */

export const workspaceOf = (row: Row): Workspace => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  slug: text(row, 'slug'),
  plan: text(row, 'plan'),
  createdAt: time(row, 'created_at'),
})

export const userOf = (row: Row): User => ({
  id: text(row, 'id'),
  email: text(row, 'email'),
  createdAt: time(row, 'created_at'),
})

export const caOf = (row: Row): CaRecord => ({
  id: text(row, 'id'),
  workspaceId: text(row, 'workspace_id'),
  name: text(row, 'name'),
  ...present(row, 'parentCaId', 'parent_ca_id', text),
  depth: integer(row, 'depth'),
  certificateDer: bytes(row, 'certificate_der'),
  externalChainDer: json<string[]>(row, 'external_chain').map(
    (der) => new Uint8Array(Buffer.from(der, 'base64')),
  ),
  serialNumber: text(row, 'serial_number'),
  notBefore: time(row, 'not_before'),
  notAfter: time(row, 'not_after'),
  ...present(row, 'pathLength', 'path_length', integer),
  keyAlgorithm: text(row, 'key_algorithm'),
  keyId: text(row, 'key_id'),
  hasPassphrase: integer(row, 'has_passphrase') === 1,
  ...present(row, 'ocspResponder', 'ocsp_key_id', () => ({
    keyId: text(row, 'ocsp_key_id'),
    keyAlgorithm: text<CaRecord['keyAlgorithm']>(row, 'ocsp_key_algorithm'),
    certificateDer: bytes(row, 'ocsp_certificate_der'),
    notBefore: time(row, 'ocsp_not_before'),
    notAfter: time(row, 'ocsp_not_after'),
  })),
  createdAt: time(row, 'created_at'),
  ...revocationOfRecord(row),
})

export const certificateOf = (row: Row): CertificateRecord => ({
  id: text(row, 'id'),
  workspaceId: text(row, 'workspace_id'),
  caId: text(row, 'ca_id'),
  serialNumber: text(row, 'serial_number'),
  mode: text(row, 'mode'),
  profile: text(row, 'profile'),
  commonName: text(row, 'common_name'),
  sanDns: json(row, 'san_dns'),
  sanIp: json(row, 'san_ip'),
  sanEmail: json(row, 'san_email'),
  sanUri: json(row, 'san_uri'),
  keyAlgorithm: text(row, 'key_algorithm'),
  spkiHash: text(row, 'spki_hash'),
  certificateDer: bytes(row, 'certificate_der'),
  notBefore: time(row, 'not_before'),
  notAfter: time(row, 'not_after'),
  createdAt: time(row, 'created_at'),
  ...present(row, 'renewedFrom', 'renewed_from', text),
  ...revocationOfRecord(row),
})

const revocationOfRecord = (row: Row): Pick<CertificateRecord, 'revokedAt' | 'revocationReason'> => ({
  ...present(row, 'revokedAt', 'revoked_at', time),
  ...present(row, 'revocationReason', 'revocation_reason', (from, column) =>
    text<Revocation['reason']>(from, column),
  ),
})

export const reservationOf = (row: Row): Reservation => ({
  id: text(row, 'id'),
  caId: text(row, 'ca_id'),
  serialNumber: text(row, 'serial_number'),
  kind: text(row, 'kind'),
  tbsHash: text(row, 'tbs_hash'),
  notAfter: time(row, 'not_after'),
  reservedAt: time(row, 'reserved_at'),
})

export const reservationStatusOf = (row: Row): ReservationStatus => ({
  reservation: reservationOf(row),
  state: text(row, 'state'),
})

export const revocationOf = (row: Row): Revocation => ({
  caId: text(row, 'ca_id'),
  serialNumber: text(row, 'serial_number'),
  revokedAt: time(row, 'revoked_at'),
  reason: text(row, 'reason'),
  notAfter: time(row, 'not_after'),
  entryDer: bytes(row, 'entry_der'),
})

export const crlSummaryOf = (row: Row): CrlSummary => ({
  caId: text(row, 'ca_id'),
  scope: text(row, 'scope'),
  number: integer(row, 'number'),
  ...present(row, 'baseNumber', 'base_number', integer),
  thisUpdate: time(row, 'this_update'),
  nextUpdate: time(row, 'next_update'),
  revocationCount: integer(row, 'revocation_count'),
})

export const crlOf = (row: Row): CrlRecord => ({ ...crlSummaryOf(row), der: bytes(row, 'der') })

export const idempotencyRecordOf = (row: Row): IdempotencyRecord => ({
  scope: text(row, 'scope'),
  keyHash: text(row, 'key_hash'),
  requestHash: text(row, 'request_hash'),
  certificateId: text(row, 'certificate_id'),
  state: text(row, 'state'),
  liveUntil: time(row, 'live_until'),
})

export const outboxEventOf = (row: Row): OutboxEvent => ({
  id: text(row, 'id'),
  at: time(row, 'at'),
  type: text(row, 'type'),
  ...present(row, 'workspaceId', 'workspace_id', text),
  subjectId: text(row, 'subject_id'),
})

export const auditEventOf = (row: Row): AuditEvent => ({
  ...outboxEventOf(row),
  actor: { kind: text(row, 'actor_kind'), id: text(row, 'actor_id') },
  details: json(row, 'details'),
})

export const sealedKeyOf = (row: Row): SealedKey => ({
  keyId: text(row, 'key_id'),
  keyAlgorithm: text(row, 'key_algorithm'),
  spkiDer: bytes(row, 'spki_der'),
  sealed: bytes(row, 'sealed'),
  ...present(row, 'wrappedDataKey', 'wrapped_data_key', bytes),
  ...present(row, 'kekId', 'kek_id', text),
  createdAt: time(row, 'created_at'),
})
