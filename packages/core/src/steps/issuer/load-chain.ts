import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import type { Certificate } from '../../x509/certificate.js'
import type { Deps } from '../deps.js'
import { type CaCertificate, currentCertificate, listCaCertificates } from './ca-certificates.js'

/** Longest chain that is followed. No hierarchy in use is deeper than five; a loop in a broken store ends here. */
export const maximumChainLength = 16

export interface ChainLink {
  readonly certificate: Certificate
  /** Absent for the certificates above an imported CA, whose issuers are not kept here. */
  readonly ca?: CaRecord
}

/** A CA, and all of its certificates. */
export interface CaEntry {
  readonly ca: CaRecord
  readonly certificates: readonly CaCertificate[]
}

/** The CA's current certificate, its issuer's, and so on up to the root. */
export const loadChain = async (ca: CaRecord, deps: Deps): Promise<readonly ChainLink[]> =>
  chainOf(await loadEntries(await lineageOf(ca, deps), deps), deps)

/**
 * The CA, its parent and so on up to the root, each with all of its certificates.
 *
 * @param lineage as the store has it
 * @throws {PkiError} `storage_unavailable`: it does not reach up to a root
 */
export async function loadEntries(lineage: readonly CaRecord[], deps: Deps): Promise<readonly CaEntry[]> {
  requireWhole(lineage)
  return Promise.all(lineage.map((link) => caEntry(link, deps)))
}

/** The CA, its parent and so on, as far as they are in the store. */
export const lineageOf = async (ca: CaRecord, deps: Deps): Promise<readonly CaRecord[]> =>
  ca.parentCaId === undefined ? [ca] : deps.storage.findCaLineage(ca.id)

function requireWhole(lineage: readonly CaRecord[]): void {
  const top = lineage.at(-1)
  if (top !== undefined && top.parentCaId === undefined && lineage.length <= maximumChainLength) return
  const state = top === undefined ? 'the CA is' : `the issuer of CA ${top.id} is`
  const message = `Cannot load chain: ${state} missing from the store`
  throw new PkiError('storage_unavailable', message, { retryable: false })
}

export const caEntry = async (ca: CaRecord, deps: Deps): Promise<CaEntry> => ({
  ca,
  certificates: await listCaCertificates(ca, deps),
})

export const chainOf = (lineage: readonly CaEntry[], deps: Deps): readonly ChainLink[] =>
  lineage.flatMap(({ ca, certificates }) => [
    { ca, certificate: currentCertificate(ca, certificates).certificate },
    ...externalChain(ca, deps).map((certificate) => ({ certificate })),
  ])

/** The certificates above an imported CA whose issuer is not kept here, nearest first. */
export const externalChain = (ca: CaRecord, deps: Deps): readonly Certificate[] =>
  ca.externalChainDer.map((der, i) => deps.certificates.parse(`${ca.id}/${i}`, der))
