/** Who did it. `operator` is the host's own code; of `oauth` the id is that of the grant. */
export interface Actor {
  readonly kind: 'operator' | 'apiKey' | 'oauth'
  readonly id: string
}

export type EventType =
  | 'workspace.created'
  | 'user.created'
  | 'api_key.created'
  | 'api_key.renamed'
  | 'api_key.rotated'
  | 'api_key.expiry_changed'
  | 'api_key.revoked'
  | 'member.added'
  | 'member.rights_changed'
  | 'member.removed'
  | 'oauth_client.created'
  | 'oauth_client.secret_rotated'
  | 'oauth_client.deleted'
  | 'oauth_grant.created'
  | 'oauth_grant.revoked'
  | 'ca.created'
  | 'ca.imported'
  | 'ca.revoked'
  | 'ca.cross_signed'
  | 'ca.reissued'
  | 'ca.certificates_archived'
  | 'certificate.issued'
  | 'certificate.renewed'
  | 'certificate.revoked'
  | 'certificate.hold_ended'
  | 'crl.published'
  | 'crl.overdue'
  | 'ocsp_responder.certified'

/**
 * What the audit log keeps: one entry for each change, written in the transaction of the change.
 * `details` holds flat, public values: no key, no passphrase, no API key.
 */
export interface AuditEvent {
  readonly id: string
  readonly at: Date
  readonly type: EventType
  readonly actor: Actor
  /** Absent for what belongs to no workspace, as users do. */
  readonly workspaceId?: string
  readonly subjectId: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

/**
 * What subscribers are told, at least once: written in the transaction of the change, delivered afterwards by the
 * host, acknowledged by id. `id` is stable, so that a subscriber can drop a second delivery.
 */
export interface OutboxEvent {
  readonly id: string
  readonly at: Date
  readonly type: EventType
  readonly workspaceId?: string
  readonly subjectId: string
}
