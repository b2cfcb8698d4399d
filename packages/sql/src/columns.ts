import type {
  AuditEvent,
  CaRecord,
  CertificateRecord,
  CrlRecord,
  OcspResponder,
  OutboxEvent,
  Reservation,
} from '@certwright/core'
import { optionalSeconds, orNull, seconds } from './values.js'

/* Records as rows: the way back is in records.ts. */

/** By column. */
export type Columns = Readonly<Record<string, string | number | Uint8Array | null>>

export const reservationColumns = (reservation: Reservation): Columns => ({
  id: reservation.id,
  ca_id: reservation.caId,
  serial_number: reservation.serialNumber,
  kind: reservation.kind,
  tbs_hash: reservation.tbsHash,
  not_after: seconds(reservation.notAfter),
  reserved_at: seconds(reservation.reservedAt),
  state: 'open',
})

export const caColumns = (ca: CaRecord): Columns => ({
  id: ca.id,
  workspace_id: ca.workspaceId,
  name: ca.name,
  parent_ca_id: orNull(ca.parentCaId),
  depth: ca.depth,
  certificate_der: ca.certificateDer,
  external_chain: JSON.stringify(ca.externalChainDer.map((der) => Buffer.from(der).toString('base64'))),
  serial_number: ca.serialNumber,
  not_before: seconds(ca.notBefore),
  not_after: seconds(ca.notAfter),
  path_length: orNull(ca.pathLength),
  key_algorithm: ca.keyAlgorithm,
  key_id: ca.keyId,
  has_passphrase: ca.hasPassphrase ? 1 : 0,
  ...responderColumns(ca.ocspResponder),
  created_at: seconds(ca.createdAt),
  ...revocationMarks(ca),
})

export const responderColumns = (responder: OcspResponder | undefined): Columns => ({
  ocsp_key_id: orNull(responder?.keyId),
  ocsp_key_algorithm: orNull(responder?.keyAlgorithm),
  ocsp_certificate_der: orNull(responder?.certificateDer),
  ocsp_not_before: optionalSeconds(responder?.notBefore),
  ocsp_not_after: optionalSeconds(responder?.notAfter),
})

export const certificateColumns = (certificate: CertificateRecord): Columns => ({
  id: certificate.id,
  workspace_id: certificate.workspaceId,
  ca_id: certificate.caId,
  serial_number: certificate.serialNumber,
  mode: certificate.mode,
  profile: certificate.profile,
  common_name: certificate.commonName,
  common_name_folded: certificate.commonName.toLowerCase(),
  san_dns: JSON.stringify(certificate.sanDns),
  san_ip: JSON.stringify(certificate.sanIp),
  san_email: JSON.stringify(certificate.sanEmail),
  san_uri: JSON.stringify(certificate.sanUri),
  key_algorithm: certificate.keyAlgorithm,
  spki_hash: certificate.spkiHash,
  certificate_der: certificate.certificateDer,
  not_before: seconds(certificate.notBefore),
  not_after: seconds(certificate.notAfter),
  created_at: seconds(certificate.createdAt),
  renewed_from: orNull(certificate.renewedFrom),
  ...revocationMarks(certificate),
})

const revocationMarks = (record: Pick<CertificateRecord, 'revokedAt' | 'revocationReason'>): Columns => ({
  revoked_at: optionalSeconds(record.revokedAt),
  revocation_reason: orNull(record.revocationReason),
})

export const crlColumns = (crl: CrlRecord): Columns => ({
  ca_id: crl.caId,
  scope: crl.scope,
  number: crl.number,
  base_number: orNull(crl.baseNumber),
  this_update: seconds(crl.thisUpdate),
  next_update: seconds(crl.nextUpdate),
  der: crl.der,
  revocation_count: crl.revocationCount,
})

export const auditEventColumns = (event: AuditEvent): Columns => ({
  actor_kind: event.actor.kind,
  ...outboxEventColumns(event),
  actor_id: event.actor.id,
  details: JSON.stringify(event.details),
})

export const outboxEventColumns = (event: OutboxEvent): Columns => ({
  id: event.id,
  at: seconds(event.at),
  type: event.type,
  workspace_id: orNull(event.workspaceId),
  subject_id: event.subjectId,
})
