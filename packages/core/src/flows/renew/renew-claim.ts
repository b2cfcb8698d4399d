import { PkiError } from '../../errors/pki-error.js'
import type { Deps } from '../../steps/deps.js'
import { idempotencyClaim } from '../../steps/idempotency/claim.js'
import type { IdempotencyClaim, PermittedCa } from '../../steps/stages.js'
import type { RenewRequest } from './renew-request.js'

/** @throws {PkiError} `idempotency_unsupported`: without a CSR each renewal makes a new private key */
export async function renewClaim(
  request: RenewRequest,
  options: { readonly idempotencyKey?: string | undefined },
  permitted: PermittedCa,
  deps: Deps,
): Promise<IdempotencyClaim | undefined> {
  if (options.idempotencyKey === undefined) return undefined
  if (request.csrPem === undefined) {
    throw new PkiError(
      'idempotency_unsupported',
      'Cannot use idempotency key: a renewal without a CSR makes a new private key each time; leave the key out, or send a CSR',
      { reason: 'managed' },
    )
  }
  const { caPassphrase: _secret, ...repeated } = request
  const { principal, ca } = permitted
  const asked = { principal, operation: 'renew', caId: ca.id, request: { ...repeated } }
  return idempotencyClaim(options.idempotencyKey, asked, deps)
}
