import { checkPermission } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { unlockIssuer } from '../../steps/issuer/find-issuer.js'
import { actorOf } from '../../steps/recording/append-events.js'
import type { Caller } from '../../steps/stages.js'
import { publishCrl } from '../publish-crl.js'
import { whileUnlocked } from '../while-unlocked.js'
import type { CrlInfo } from './current-crl.js'

export interface PublishCrlRequest {
  readonly caId: string
  /** Needed where the CA has a passphrase. */
  readonly caPassphrase?: string
}

/**
 * Publish the next complete CRL now, whether it is due or not. A revoked or expired CA can still publish: its last list is
 * what tells of its certificates. Of a CA with a passphrase the other lists and the OCSP responder are renewed too.
 *
 * @throws {PkiError} `ca_not_found` | `permission_denied` | `passphrase_required` | `wrong_passphrase`
 */
export async function publishCrlNow(
  request: PublishCrlRequest,
  caller: Caller,
  deps: Deps,
): Promise<CrlInfo> {
  const { ca, principal } = await checkPermission(
    { caId: request.caId, action: 'revoke' },
    caller,
    deps.storage,
  )
  // Before the number is reserved: a wrong passphrase must not cost one.
  const issuer = await unlockIssuer(ca, request.caPassphrase, deps)
  const publication = {
    ca,
    scope: { kind: 'complete' },
    identity: issuer.identity,
    actor: actorOf(principal),
  } as const
  const crl = await publishCrl(publication, deps)
  // Its delta CRL starts from the list before, and only who has the passphrase can make another.
  await whileUnlocked(issuer, principal, deps)
  return crl
}
