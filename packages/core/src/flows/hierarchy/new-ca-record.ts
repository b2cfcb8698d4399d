import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import type { CaRecord } from '../../ports/records.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import type { AssembledTbs, SignedCertificate } from '../../steps/stages.js'

/** The record of a CA that was just signed. */
export function newCaRecord(
  signed: SignedCertificate,
  tbs: AssembledTbs,
  about: {
    readonly name: string
    readonly workspaceId: string
    readonly keyId: string
    readonly keyAlgorithm: KeyAlgorithm
    readonly hasPassphrase: boolean
    readonly parent?: CaRecord
  },
  deps: Deps,
): CaRecord {
  const { parent, ...own } = about
  return {
    ...own,
    id: signed.reservation.id,
    ...(parent !== undefined && { parentCaId: parent.id }),
    depth: parent === undefined ? 0 : parent.depth + 1,
    certificateDer: signed.certificateDer,
    externalChainDer: [],
    serialNumber: tbs.serialNumber,
    notBefore: tbs.notBefore,
    notAfter: tbs.notAfter,
    ...(tbs.pathLength !== undefined && { pathLength: tbs.pathLength }),
    createdAt: currentTime(deps),
  }
}
