import { equalBytes } from '../../encoding/bytes.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import type { Certificate } from '../../x509/certificate.js'
import { currentTime, type Deps } from '../deps.js'
import type { CaCertificate } from './ca-certificates.js'
import { type CaEntry, caEntry, externalChain, maximumChainLength } from './load-chain.js'

/*
 * Every way from a CA up to a root that this authority knows of: over each certificate of each CA, re-issued and cross
 * certificates among them. A relying party may take any of them, depending on whom it trusts.
 */

type Path = readonly Certificate[]

/**
 * CA certificates that are looked at. A CA with a few cross certificates, below one with a few, has some ten paths; CAs that
 * all certify each other have as many as there are orders of them.
 */
const maximumLooks = 1000

/**
 * The paths of live certificates from a CA to a root, its chain left out: what may not be relied upon, because it is
 * revoked or expired, is no path.
 *
 * @param lineage the CA and those above it, as loaded
 * @param chain the certificates of the lineage that are current
 * @returns the CA's certificate first; empty where no CA above has more than one certificate
 * @throws {PkiError} `path_refused` / `budget_exhausted`
 */
export async function otherPaths(
  lineage: readonly CaEntry[],
  chain: Path,
  deps: Deps,
): Promise<readonly Path[]> {
  // Without re-issued and cross certificates the chain is the only path, and nothing more is asked of the store.
  if (lineage.every(({ certificates }) => certificates.length === 1)) return []
  const paths = await new PathWalk(lineage, deps).pathsFrom(lineage[0] as CaEntry)
  return paths.filter((path) => !isSamePath(path, chain))
}

class PathWalk {
  readonly #entries: Map<string, CaEntry>
  readonly #deps: Deps
  readonly #now: Date
  #looks = 0

  constructor(lineage: readonly CaEntry[], deps: Deps) {
    this.#entries = new Map(lineage.map((entry) => [entry.ca.id, entry]))
    this.#deps = deps
    this.#now = currentTime(deps)
  }

  /** @param below the CAs that are on the path already: none comes twice */
  async pathsFrom(entry: CaEntry, below: readonly string[] = []): Promise<readonly Path[]> {
    if (entry.ca.revokedAt !== undefined || below.length === maximumChainLength) return []
    const paths: Path[] = []
    for (const one of entry.certificates) {
      this.#spendLook(entry.ca)
      if (!this.#isLive(one)) continue
      const above = await this.#pathsAbove(one, entry.ca, [...below, entry.ca.id])
      paths.push(...above.map((path) => [one.certificate, ...path]))
    }
    return paths
  }

  async #pathsAbove(one: CaCertificate, ca: CaRecord, below: readonly string[]): Promise<readonly Path[]> {
    const { issuerCaId } = one
    if (issuerCaId === ca.id) return [[]]
    if (issuerCaId === undefined) {
      const above = externalChain(ca, this.#deps)
      return above.every((certificate) => this.#isInTime(certificate)) ? [above] : []
    }
    const issuer = below.includes(issuerCaId) ? undefined : await this.#entry(issuerCaId)
    return issuer === undefined ? [] : this.pathsFrom(issuer, below)
  }

  async #entry(caId: string): Promise<CaEntry | undefined> {
    const known = this.#entries.get(caId)
    if (known !== undefined) return known
    const ca = await this.#deps.storage.findCa(caId)
    if (ca === undefined) return undefined
    const entry = await caEntry(ca, this.#deps)
    this.#entries.set(caId, entry)
    return entry
  }

  #isLive(one: CaCertificate): boolean {
    return one.revokedAt === undefined && this.#isInTime(one.certificate)
  }

  #isInTime({ notBefore, notAfter }: Certificate): boolean {
    return notBefore <= this.#now && this.#now <= notAfter
  }

  #spendLook(ca: CaRecord): void {
    this.#looks += 1
    if (this.#looks <= maximumLooks) return
    const state = `more than ${maximumLooks} CA certificates are on the paths that lead up from it`
    throw new PkiError('path_refused', `Cannot use CA "${ca.name}": ${state}; revoke those not needed`, {
      faults: [{ fault: 'budget_exhausted', depth: 1, clause: 'RFC 4158 §3', message: state }],
    })
  }
}

const isSamePath = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every(({ der }, i) => equalBytes(der, (b[i] as Certificate).der))
