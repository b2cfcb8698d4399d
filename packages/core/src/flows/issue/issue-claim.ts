import { PkiError } from '../../errors/pki-error.js'
import type { Deps } from '../../steps/deps.js'
import { idempotencyClaim } from '../../steps/idempotency/claim.js'
import type { IdempotencyClaim, PermittedCa } from '../../steps/stages.js'
import type { ParsedIssueRequest } from './issue-request.js'

/**
 * @throws {PkiError} `idempotency_unsupported`: managed mode makes a new private key each time, and keeps none of them,
 *   so that there is nothing to repeat
 */
export async function issueClaim(
  request: ParsedIssueRequest,
  options: { readonly idempotencyKey?: string | undefined },
  permitted: PermittedCa,
  deps: Deps,
): Promise<IdempotencyClaim | undefined> {
  if (options.idempotencyKey === undefined) return undefined
  if (request.mode === 'managed') {
    throw new PkiError(
      'idempotency_unsupported',
      'Cannot use idempotency key: managed mode makes a new private key each time; leave the key out, or send a CSR',
      { reason: 'managed' },
    )
  }
  const { caPassphrase: _secret, ...repeated } = request
  const { principal, ca } = permitted
  const asked = { principal, operation: 'issue', caId: ca.id, request: repeated }
  return idempotencyClaim(options.idempotencyKey, asked, deps)
}
