import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { signCertificate } from '../../signing/sign-certificate.js'
import { checkIssuePermission, requireOperator } from '../../steps/access/check-permission.js'
import { requireFreeCaName } from '../../steps/access/require-free-name.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { type CaInfo, caInfo } from '../../steps/info/ca-info.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import { recordCa } from '../../steps/recording/record-ca.js'
import { reserveIssuance } from '../../steps/recording/reserve-issuance.js'
import type { Caller } from '../../steps/stages.js'
import { assembleCaTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { createName } from '../../x509/name.js'
import { whileUnlocked } from '../while-unlocked.js'
import { withNewKey } from '../with-new-key.js'
import { parseCreateIntermediate } from './ca-requests.js'
import { intermediateValidity } from './ca-validity.js'
import { disownNewCa } from './disown-ca-key.js'
import { keyPurposeOids } from './key-purpose-oids.js'
import { nameConstraintsOf } from './name-constraints-of.js'
import { newCaRecord } from './new-ca-record.js'

/**
 * Create a CA below another one.
 *
 * @param input a `CreateIntermediateRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied` | `ca_revoked` | `ca_expired` |
 *   `passphrase_required` | `wrong_passphrase` | `validity_refused` | `path_refused` | `storage_conflict` / `ca_name`
 */
export async function createIntermediate(input: unknown, caller: Caller, deps: Deps): Promise<CaInfo> {
  const request = parseCreateIntermediate(input)
  const principal = requireOperator(caller, 'create CA')
  const { ca: parent, lineage } = await checkIssuePermission(request.parentCaId, caller, deps.storage)
  const issuer = await findIssuer(lineage, request.parentPassphrase, deps)
  const { name, keyAlgorithm = 'ECDSA-P256', passphrase, pathLength } = request
  const subject = createName({ ...request.subject, commonName: request.subject?.commonName ?? name })
  const nameConstraints = nameConstraintsOf(request.nameConstraints)
  const extendedKeyUsage = request.extendedKeyUsage && keyPurposeOids(request.extendedKeyUsage)
  const validity = intermediateValidity(request.validityDays, issuer.certificate.notAfter, currentTime(deps))
  await requireFreeCaName(name, parent.workspaceId, deps)
  const caId = newId(deps)
  const created = await withNewKey(
    () => deps.custody.generateKey({ keyAlgorithm, ...(passphrase !== undefined && { passphrase }) }),
    async ({ keyId, spkiDer }) => {
      const publicKey = parsePublicKey(spkiDer)
      const spec = { subject, ...validity, publicKey, pathLength, nameConstraints, extendedKeyUsage }
      const checked = checkTbs(assembleCaTbs(spec, issuer, deps), issuer)
      const reserved = await reserveIssuance(checked, { id: caId, caId: parent.id, kind: 'ca' }, deps)
      const signed = await signCertificate(reserved, issuer.identity, deps)
      const hasPassphrase = passphrase !== undefined
      const about = { name, workspaceId: parent.workspaceId, keyId, keyAlgorithm, hasPassphrase, parent }
      const record = newCaRecord(signed, checked, about, deps)
      await recordCa(signed, record, principal, deps)
      const { defaultSignatureAlgorithm: signatureAlgorithm } = keyAlgorithms[keyAlgorithm]
      const identity = { keyId, spkiDer, signatureAlgorithm, ...(passphrase !== undefined && { passphrase }) }
      return { ca: record, identity }
    },
    () => disownNewCa(caId, deps),
    deps,
  )
  await whileUnlocked(issuer, principal, deps)
  await whileUnlocked(created, principal, deps)
  return caInfo(created.ca, deps)
}
