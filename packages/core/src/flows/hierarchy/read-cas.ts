import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { pemEncode } from '../../encoding/pem.js'
import type { CaRecord } from '../../ports/records.js'
import { readableCaIds } from '../../rules/permission/decide.js'
import { caNotFound, checkPermission, requirePrincipal } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { type CaCertificateInfo, caCertificateInfo } from '../../steps/info/ca-certificate-info.js'
import { type CaInfo, caInfo } from '../../steps/info/ca-info.js'
import {
  currentCertificate,
  listCaCertificates,
  withCurrentCertificate,
} from '../../steps/issuer/ca-certificates.js'
import { loadChain } from '../../steps/issuer/load-chain.js'
import type { Caller } from '../../steps/stages.js'

export interface CaQuery {
  /** Only the children of this CA. */
  readonly parentCaId?: string
  /** `all` where absent. */
  readonly type?: 'root' | 'intermediate' | 'all'
}

const caQuery = z.strictObject({
  parentCaId: z.optional(uuid),
  type: z.optional(z.enum(['root', 'intermediate', 'all'])),
}) as z.ZodMiniType<CaQuery>

/** @throws {PkiError} `ca_not_found` | `permission_denied` */
export async function getCa(caId: string, caller: Caller, deps: Deps): Promise<CaInfo> {
  const { ca } = await checkPermission({ caId, action: 'read' }, caller, deps.storage)
  return currentInfo(ca, deps)
}

/** The CAs that the caller may read, oldest first, without the revoked ones. */
export async function listCas(input: unknown, caller: Caller, deps: Deps): Promise<readonly CaInfo[]> {
  const { parentCaId, type } = parsePlainData(caQuery, input ?? {}, { action: 'Cannot list CAs' })
  const principal = requirePrincipal(caller)
  const caIds = readableCaIds(principal)
  const cas = await deps.storage.listCas({
    ...(principal.kind !== 'operator' && { workspaceId: principal.workspaceId }),
    ...(caIds !== undefined && { caIds }),
    ...(parentCaId !== undefined && { parentCaId }),
    ...(type !== undefined && type !== 'all' && { type }),
  })
  return Promise.all(cas.map((ca) => currentInfo(ca, deps)))
}

/** Every certificate that is known of a CA, the oldest first: re-issued and cross certificates, revoked ones too. */
export async function listCertificatesOfCa(
  caId: string,
  caller: Caller,
  deps: Deps,
): Promise<readonly CaCertificateInfo[]> {
  const { ca } = await checkPermission({ caId, action: 'read' }, caller, deps.storage)
  const certificates = await listCaCertificates(ca, deps)
  const current = currentCertificate(ca, certificates)
  return certificates.map((one) => caCertificateInfo(one, one === current))
}

const currentInfo = async (ca: CaRecord, deps: Deps): Promise<CaInfo> =>
  caInfo(withCurrentCertificate(ca, await listCaCertificates(ca, deps)), deps)

/**
 * The CA's certificate and those above it up to the root, PEM. A right to read a CA is one to read its chain: every
 * client of its certificates gets it.
 *
 * @throws {PkiError} `ca_not_found` | `permission_denied`
 */
export async function getChain(caId: string, caller: Caller, deps: Deps): Promise<readonly string[]> {
  const { ca } = await checkPermission({ caId, action: 'read' }, caller, deps.storage)
  const links = await loadChain(ca, deps)
  return links.map(({ certificate }) => pemEncode('CERTIFICATE', certificate.der))
}

/** The certificate of a CA, DER: public, as it stands in every chain. @throws {PkiError} `ca_not_found` */
export async function getCaCertificate(caId: string, deps: Deps): Promise<Uint8Array> {
  const ca = await deps.storage.findCa(caId)
  if (ca === undefined) throw caNotFound(caId)
  return currentCertificate(ca, await listCaCertificates(ca, deps)).certificate.der
}
