import { compareBytes, equalBytes } from '../../../encoding/bytes.js'
import { hexEncode } from '../../../encoding/hex.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { type Extension, findExtension } from '../../../x509/extension.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../../x509/extensions/delta-crl-indicator.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { type Name, nameKey } from '../../../x509/name.js'

/**
 * Lists of one issuer and scope that are looked at, the newest: there is one of each key, and those before it. The lists
 * are chosen by scope first, since a CA may have split its list into hundreds.
 */
export const maximumLists = 100

/** A delta CRL with the numbers by which it finds the lists that it can be combined with. */
interface Delta {
  readonly crl: CertificateRevocationList
  /** The list that it starts from. */
  readonly base: bigint
  readonly number: bigint
}

/**
 * CRLs by issuer, the newest first, so that the order in which they came does not matter, and thousands of others cost
 * nothing.
 */
export class CrlPool {
  readonly #complete = new Map<string, CertificateRevocationList[]>()
  readonly #deltas = new Map<string, Delta[]>()

  constructor(crls: readonly CertificateRevocationList[]) {
    for (const crl of newestFirst(crls)) {
      const base = findExtension(crl.extensions, deltaCRLIndicator)
      if (base === undefined) {
        add(this.#complete, nameKey(crl.issuer), crl)
        continue
      }
      const number = findExtension(crl.extensions, cRLNumber)
      if (number !== undefined) add(this.#deltas, lineKey(crl), { crl, base, number })
    }
  }

  /** The same array for names that match. */
  completeOf(issuer: Name): readonly CertificateRevocationList[] {
    return this.#complete.get(nameKey(issuer)) ?? none
  }

  /**
   * RFC 5280 §6.3.3 (c): the delta CRLs that bring a complete CRL up to date. §5.2.4: same issuer, same scope, same key;
   * based on this list or an earlier one, and later in the numbering.
   */
  deltasOf(crl: CertificateRevocationList): readonly CertificateRevocationList[] {
    const complete = findExtension(crl.extensions, cRLNumber)
    if (complete === undefined) return none
    return (this.#deltas.get(lineKey(crl)) ?? [])
      .filter(({ base, number }) => base <= complete && complete < number)
      .slice(0, maximumLists)
      .map((delta) => delta.crl)
  }
}

const none: readonly CertificateRevocationList[] = []

function add<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [one])
  else known.push(one)
}

function newestFirst(crls: readonly CertificateRevocationList[]): readonly CertificateRevocationList[] {
  const sorted = [...crls].sort(
    (a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime() || compareBytes(b.der, a.der),
  )
  return sorted.filter(
    (crl, i) => i === 0 || !equalBytes(crl.der, (sorted[i - 1] as CertificateRevocationList).der),
  )
}

/** Equal for lists of one issuer, scope and key. */
const lineKey = ({ issuer, extensions }: CertificateRevocationList): string =>
  [
    nameKey(issuer),
    ...[issuingDistributionPoint, authorityKeyIdentifier].map(({ oid }) => hexOf(oid, extensions)),
  ].join('\u0003')

const hexOf = (oid: string, extensions: readonly Extension[]): string => {
  const valueDer = valueOf(oid, extensions)
  return valueDer === undefined ? '' : hexEncode(valueDer)
}

/**
 * Whether a list of the same issuer and key makes another one obsolete: the same scope, later by date and number. Where
 * these disagree, neither is known to be the later one.
 */
export function supersedes(newer: CertificateRevocationList, older: CertificateRevocationList): boolean {
  if (newer === older || !hasSameScope(newer, older) || newer.thisUpdate <= older.thisUpdate) return false
  const [one, other] = [newer, older].map(({ extensions }) => findExtension(extensions, cRLNumber))
  return one !== undefined && other !== undefined && one > other
}

function hasSameScope(a: CertificateRevocationList, b: CertificateRevocationList): boolean {
  const [one, other] = [a, b].map(({ extensions }) => valueOf(issuingDistributionPoint.oid, extensions))
  return one === undefined || other === undefined ? one === other : equalBytes(one, other)
}

const valueOf = (oid: string, extensions: readonly Extension[]): Uint8Array | undefined =>
  extensions.find((extension) => extension.oid === oid)?.valueDer
