import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { signCertificate } from '../../signing/sign-certificate.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { requireFreeCaName } from '../../steps/access/require-free-name.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { type CaInfo, caInfo } from '../../steps/info/ca-info.js'
import { recordCa } from '../../steps/recording/record-ca.js'
import { reserveIssuance } from '../../steps/recording/reserve-issuance.js'
import type { Caller } from '../../steps/stages.js'
import { assembleRootTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { createName } from '../../x509/name.js'
import { chooseWorkspace } from '../choose-workspace.js'
import { whileUnlocked } from '../while-unlocked.js'
import { withNewKey } from '../with-new-key.js'
import { caValidity, rootValidityDays } from './ca-validity.js'
import { parseCreateRoot } from './ca-requests.js'
import { disownNewCa } from './disown-ca-key.js'
import { nameConstraintsOf } from './name-constraints-of.js'
import { newCaRecord } from './new-ca-record.js'

/**
 * Create a root CA: a key in custody and a certificate that it signs for itself.
 *
 * @param input a `CreateRootRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `workspace_not_found` | `permission_denied` | `storage_conflict` / `ca_name`
 */
export async function createRoot(input: unknown, caller: Caller, deps: Deps): Promise<CaInfo> {
  const request = parseCreateRoot(input)
  const principal = requireOperator(caller, 'create CA')
  const { name, keyAlgorithm = 'ECDSA-P256', passphrase, pathLength } = request
  const subject = createName({ ...request.subject, commonName: request.subject?.commonName ?? name })
  const nameConstraints = nameConstraintsOf(request.nameConstraints)
  const validity = caValidity(request.validityDays ?? rootValidityDays, currentTime(deps))
  // Behind all that can be refused at sight: it may write.
  const workspace = await chooseWorkspace(request.workspaceId, principal, deps)
  await requireFreeCaName(name, workspace.id, deps)
  const caId = newId(deps)
  const ca = await withNewKey(
    () => deps.custody.generateKey({ keyAlgorithm, ...(passphrase !== undefined && { passphrase }) }),
    async ({ keyId, spkiDer }) => {
      const signatureAlgorithm = keyAlgorithms[keyAlgorithm].defaultSignatureAlgorithm
      const identity = { keyId, spkiDer, signatureAlgorithm, ...(passphrase !== undefined && { passphrase }) }
      const publicKey = parsePublicKey(spkiDer)
      const spec = { subject, ...validity, publicKey, pathLength, nameConstraints }
      const checked = checkTbs(assembleRootTbs(spec, signatureAlgorithm, deps))
      const reserved = await reserveIssuance(checked, { id: caId, caId, kind: 'ca' }, deps)
      const signed = await signCertificate(reserved, identity, deps)
      const hasPassphrase = passphrase !== undefined
      const about = { name, workspaceId: workspace.id, keyId, keyAlgorithm, hasPassphrase }
      const record = newCaRecord(signed, checked, about, deps)
      await recordCa(signed, record, principal, deps)
      return { ca: record, identity }
    },
    () => disownNewCa(caId, deps),
    deps,
  )
  await whileUnlocked(ca, principal, deps)
  return caInfo(ca.ca, deps)
}
