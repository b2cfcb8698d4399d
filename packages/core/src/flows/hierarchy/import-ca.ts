import { defaultSignatureAlgorithm } from '../../crypto/key-use.js'
import { privateKeyFrom } from '../../crypto/private-key.js'
import { assertUsableKey, parsePublicKey } from '../../crypto/public-key.js'
import { equalBytes } from '../../encoding/bytes.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { type CaInfo, caInfo } from '../../steps/info/ca-info.js'
import { recordImportedCa } from '../../steps/recording/record-ca.js'
import type { Caller } from '../../steps/stages.js'
import { type Certificate, parseCertificate, parseCertificates } from '../../x509/certificate.js'
import { findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { chooseWorkspace } from '../choose-workspace.js'
import { whileUnlocked } from '../while-unlocked.js'
import { withNewKey } from '../with-new-key.js'
import { parseImportCa } from './ca-requests.js'
import { disownImportedCa } from './disown-ca-key.js'
import { checkImportedChain } from './imported-chain.js'

/**
 * Take over a CA that was made elsewhere: its certificate, its private key, and the certificates above it. Its key goes
 * into custody; what it issued before is not known here, and OCSP says so (`unknown`).
 *
 * @param input an `ImportCaRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `invalid_encoding` | `invalid_der` | `invalid_structure` | `invalid_key` |
 *   `unsupported_algorithm` | `weak_key` | `ca_expired` | `path_refused` | `workspace_not_found` | `storage_conflict`
 */
export async function importCa(input: unknown, caller: Caller, deps: Deps): Promise<CaInfo> {
  const request = parseImportCa(input)
  const principal = requireOperator(caller, 'import CA')
  const certificate = parseCertificate(request.certificate)
  const publicKey = parsePublicKey(certificate.spkiDer)
  assertUsableKey(publicKey)
  const chain = request.chain === undefined ? [] : parseCertificates(request.chain)
  const now = currentTime(deps)
  const above = await checkImportedChain(certificate, chain, now, deps)
  const pkcs8Der = privateKeyFrom(request.privateKey)

  const { name, passphrase } = request
  const caId = newId(deps)
  const imported = await withNewKey(
    () => deps.custody.importKey({ pkcs8Der, ...(passphrase !== undefined && { passphrase }) }),
    async ({ keyId, spkiDer, keyAlgorithm }) => {
      if (!equalBytes(spkiDer, certificate.spkiDer)) throw keyOfAnother()
      // Behind all that can be refused: it may write.
      const workspace = await chooseWorkspace(request.workspaceId, principal, deps)
      const hasPassphrase = passphrase !== undefined
      const about = {
        id: caId,
        name,
        workspaceId: workspace.id,
        keyId,
        keyAlgorithm,
        hasPassphrase,
        createdAt: now,
      }
      const record = importedRecord(about, certificate, above)
      await recordImportedCa(record, principal, deps)
      const signatureAlgorithm = defaultSignatureAlgorithm(keyAlgorithm, spkiDer)
      const identity = { keyId, spkiDer, signatureAlgorithm, ...(passphrase !== undefined && { passphrase }) }
      return { ca: record, identity }
    },
    (_key, error) => disownImportedCa(caId, error, deps),
    deps,
  )
  await whileUnlocked(imported, principal, deps)
  return caInfo(imported.ca, deps)
}

function importedRecord(
  about: Pick<
    CaRecord,
    'id' | 'name' | 'workspaceId' | 'keyId' | 'keyAlgorithm' | 'hasPassphrase' | 'createdAt'
  >,
  certificate: Certificate,
  above: readonly Certificate[],
): CaRecord {
  const { der, serialNumber, notBefore, notAfter } = certificate
  const pathLength = findExtension(certificate.extensions, basicConstraints)?.pathLength
  return {
    ...about,
    depth: above.length,
    certificateDer: der,
    externalChainDer: above.map((issuer) => issuer.der),
    serialNumber,
    notBefore,
    notAfter,
    ...(pathLength !== undefined && { pathLength }),
  }
}

function keyOfAnother(): PkiError<'invalid_key'> {
  return new PkiError(
    'invalid_key',
    'Cannot import CA: the private key is not the one of the certificate',
    {},
  )
}
