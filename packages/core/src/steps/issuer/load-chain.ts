import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import type { Certificate } from '../../x509/certificate.js'
import type { Deps } from '../deps.js'

/** Longest chain that is followed. No hierarchy in use is deeper than five; a loop in a broken store ends here. */
const maximumChainLength = 16

export interface ChainLink {
  readonly certificate: Certificate
  /** Absent for the certificates above an imported CA, whose issuers are not kept here. */
  readonly ca?: CaRecord
}

/** The CA's certificate, its issuer's, and so on up to the root. */
export async function loadChain(ca: CaRecord, deps: Deps): Promise<readonly ChainLink[]> {
  const lineage = ca.parentCaId === undefined ? [ca] : await deps.storage.findCaLineage(ca.id)
  const top = lineage.at(-1)
  if (top === undefined || top.parentCaId !== undefined || lineage.length > maximumChainLength) {
    const state = `the issuer of CA ${top?.id ?? ca.id} is missing from the store`
    throw new PkiError('storage_unavailable', `Cannot load chain: ${state}`, { retryable: false })
  }
  return lineage.flatMap((link) => [
    { ca: link, certificate: deps.certificates.parse(link.id, link.certificateDer) },
    ...link.externalChainDer.map((der, i) => ({
      certificate: deps.certificates.parse(`${link.id}/${i}`, der),
    })),
  ])
}
