import type { PkiErrorCode } from '@certwright/core'
import type { HttpErrorCode } from './http-error.js'

export type ErrorCode = PkiErrorCode | HttpErrorCode

/**
 * The status of every code, in one place. A code that core adds does not compile until it has a row here.
 * From 500 on the client gets a generic sentence instead of the error's own message.
 */
export const statusOfCode: Readonly<Record<ErrorCode, number>> = {
  // The request is not what it has to be.
  invalid_request: 400,
  invalid_encoding: 400,
  invalid_der: 400,
  der_limit_exceeded: 400,
  invalid_structure: 400,
  unsupported_algorithm: 400,
  invalid_key: 400,
  weak_key: 400,
  invalid_csr: 400,
  wrong_password: 400,
  request_too_large: 400,
  csr_required: 400,
  csr_unexpected: 400,
  idempotency_key_invalid: 400,
  idempotency_unsupported: 400,
  invalid_target: 400,
  malformed_json: 400,
  body_unreadable: 400,

  // The request is sound, and no certificate can come of it.
  unknown_profile: 400,
  profile_refused: 400,
  name_refused: 400,
  validity_refused: 400,
  lint_failed: 400,
  path_refused: 400,
  ca_revoked: 400,
  ca_expired: 400,
  passphrase_required: 400,
  wrong_passphrase: 400,

  invalid_credentials: 401,
  permission_denied: 403,
  plan_refused: 403,

  route_not_found: 404,
  ca_not_found: 404,
  certificate_not_found: 404,
  workspace_not_found: 404,
  user_not_found: 404,
  member_not_found: 404,
  api_key_not_found: 404,
  oauth_client_not_found: 404,
  oauth_grant_not_found: 404,
  crl_not_published: 404,

  method_not_allowed: 405,
  already_revoked: 409,
  api_key_revoked: 409,
  oauth_grant_revoked: 409,
  transition_refused: 409,
  idempotency_in_progress: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  rate_limited: 429,

  internal_error: 500,
  custody_key_not_found: 500,
  custody_signature_invalid: 500,

  // Another attempt may succeed: nothing was handed out.
  storage_conflict: 503,
  storage_unavailable: 503,
  custody_unavailable: 503,
  custody_outcome_unknown: 503,
}
