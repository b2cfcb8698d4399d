/**
 * Every way in which Certwright refuses, with what a program can learn from the refusal.
 *
 * Codes are API: they do not change between minor versions. Messages are for people and may. A context never
 * carries a secret (no passphrase, private key, API key or idempotency key).
 */
export interface PkiErrorContexts {
  // What was handed in is not what it claims to be.
  invalid_encoding: { encoding: 'hex' | 'base64' | 'pem'; offset?: number }
  invalid_der: { offset: number }
  der_limit_exceeded: { offset: number; limit: number }
  invalid_structure: { structure: string; offset?: number }
  unsupported_algorithm: { algorithm: string }
  invalid_key: { algorithm?: string }
  weak_key: { algorithm: string; bits: number; weakness: KeyWeakness }
  invalid_request: { issues: readonly RequestIssue[] }
  invalid_csr: { reason: CsrRefusal }
  /** Of a container: an encrypted key, a PKCS#12. For keys in custody it is `wrong_passphrase`. */
  wrong_password: Record<never, never>
  invalid_credentials: Record<never, never>

  // What was asked for is not allowed.
  permission_denied: { action: string; caId?: string }
  plan_refused: { plan: string }
  unknown_profile: { profile: string; known: readonly string[] }
  profile_refused: { profile: string; item: string }
  name_refused: { kind: string; name: string; rule: string }
  validity_refused: { requestedDays?: number; maximumDays?: number; notAfterLimit?: Date }
  lint_failed: { findings: readonly LintFinding[] }
  /** `path`: the one that the certificate would break, from its issuer up to the root; absent where none was built. */
  path_refused: { faults: readonly PathFaultContext[]; path?: readonly PathMember[] }
  request_too_large: { item: string; count: number; maximum: number }

  // What was named does not exist for this principal, or is in no state for the operation.
  ca_not_found: { caId: string }
  certificate_not_found: { certificateId: string }
  workspace_not_found: { workspaceId: string }
  user_not_found: { userId: string }
  member_not_found: { workspaceId: string; userId: string }
  api_key_not_found: { apiKeyId: string }
  api_key_revoked: { apiKeyId: string; revokedAt: Date }
  oauth_client_not_found: { clientId: string }
  oauth_grant_not_found: { grantId: string }
  oauth_grant_revoked: { grantId: string; revokedAt: Date }
  ca_revoked: { caId: string }
  /** `caId` is absent for a CA that is not kept here. */
  ca_expired: { caId?: string; notAfter: Date }
  crl_not_published: { caId: string }
  already_revoked: { certificateId: string; revokedAt: Date }
  transition_refused: { from: string; to: string }
  csr_required: { certificateId: string }
  csr_unexpected: { certificateId: string }

  // Custody.
  passphrase_required: { keyId: string }
  wrong_passphrase: { keyId: string }
  custody_key_not_found: { keyId: string }
  custody_unavailable: { retryable: boolean }
  custody_outcome_unknown: { keyId: string }
  custody_signature_invalid: { keyId: string }

  // Idempotency (see docs/decisions).
  idempotency_key_invalid: { length: number; maximum: number }
  idempotency_unsupported: { reason: string }
  idempotency_mismatch: Record<never, never>
  idempotency_in_progress: { retryAfterSeconds: number }

  // Storage.
  storage_conflict: { constraint: StorageConstraint }
  storage_unavailable: { retryable: boolean }
}

export type PkiErrorCode = keyof PkiErrorContexts

/** One fault of a request body: `path` as in `sanDns[3]`, '' for the body itself. */
export interface RequestIssue {
  path: string
  message: string
}

/** What makes a public key unfit to be certified: see crypto/weak-keys.ts. */
export type KeyWeakness = 'size' | 'exponent' | 'small_factor' | 'close_primes' | 'roca'

export type CsrRefusal = 'malformed' | 'signature' | 'key' | 'extension' | 'attribute'

/** What a lint rule found: the rule's name, its level, the clause that it enforces and a sentence. */
export interface LintFinding {
  rule: string
  level: 'error' | 'warning' | 'notice'
  clause: string
  message: string
}

/** Why a path would not validate: depth 0 is the certificate to be issued, 1 its issuer, and so on. */
export interface PathFaultContext {
  fault: string
  depth: number
  clause: string
  message: string
}

/** A CA certificate of a path, told by its names as RFC 4514 writes them, and its serial number, hex. */
export interface PathMember {
  subject: string
  issuer: string
  serialNumber: string
}

/** The uniqueness rules that a storage adapter keeps, by the names that it must report them under. */
export type StorageConstraint =
  | 'ca_id'
  | 'ca_name'
  | 'reservation_id'
  | 'serial_number'
  | 'certificate_id'
  | 'crl_number'
  | 'idempotency_key'
  | 'api_key_id'
  | 'api_key_hash'
  | 'membership'
  | 'oauth_client_id'
  | 'oauth_grant_id'
  | 'oauth_artifact_uid'
  | 'workspace_id'
  | 'workspace_slug'
  | 'user_id'
  | 'user_email'
  | 'event_id'
  | 'key_id'
  | 'serialization'
