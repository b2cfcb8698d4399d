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
  const links: ChainLink[] = []
  for (let current = ca; ; ) {
    links.push({ ca: current, certificate: deps.certificates.parse(current.id, current.certificateDer) })
    for (const [i, der] of current.externalChainDer.entries()) {
      links.push({ certificate: deps.certificates.parse(`${current.id}/${i}`, der) })
    }
    if (current.parentCaId === undefined) return links
    const parent = await deps.storage.findCa(current.parentCaId)
    if (parent === undefined || links.length >= maximumChainLength) {
      throw new PkiError(
        'storage_unavailable',
        `Cannot load chain: the issuer of CA ${current.id} is missing from the store`,
        {
          retryable: false,
        },
      )
    }
    current = parent
  }
}
