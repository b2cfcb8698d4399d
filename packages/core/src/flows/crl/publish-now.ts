import { checkPermission } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { signingIdentity } from '../../steps/issuer/find-issuer.js'
import { actorOf } from '../../steps/recording/append-events.js'
import type { Caller } from '../../steps/stages.js'
import { publishCrl } from '../publish-crl.js'
import type { CrlInfo } from './current-crl.js'

export interface PublishCrlRequest {
  readonly caId: string
  /** Needed where the CA has a passphrase. */
  readonly caPassphrase?: string
}

/**
 * Publish the next CRL now, whether it is due or not. A revoked or expired CA can still publish: its last list is what
 * tells of its certificates.
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
  const { spkiDer } = deps.certificates.parse(ca.id, ca.certificateDer)
  const identity = signingIdentity(ca, spkiDer, request.caPassphrase)
  // Before the number is reserved: a wrong passphrase must not cost one.
  await deps.custody.checkPassphrase(identity)
  return publishCrl({ ca, scope: { kind: 'complete' }, identity, actor: actorOf(principal) }, deps)
}
