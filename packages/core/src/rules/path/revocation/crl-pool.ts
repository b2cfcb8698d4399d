import { compareBytes, equalBytes } from '../../../encoding/bytes.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { type Extension, findExtension } from '../../../x509/extension.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../../x509/extensions/delta-crl-indicator.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { type Name, nameKey } from '../../../x509/name.js'

/** Lists of one issuer that are looked at, the newest: CAs with several keys and partitions have a few. */
const maximumLists = 100

interface Lists {
  readonly complete: readonly CertificateRevocationList[]
  readonly deltas: readonly CertificateRevocationList[]
}

/**
 * CRLs by issuer, the newest first, so that the order in which they came does not matter, and thousands of others cost
 * nothing.
 */
export class CrlPool {
  readonly #byIssuer = new Map<string, Lists>()

  constructor(crls: readonly CertificateRevocationList[]) {
    for (const [issuer, { complete, deltas }] of byIssuer(crls)) {
      this.#byIssuer.set(issuer, { complete: newest(complete), deltas: newest(deltas) })
    }
  }

  completeOf(issuer: Name): readonly CertificateRevocationList[] {
    return this.#byIssuer.get(nameKey(issuer))?.complete ?? []
  }

  /** RFC 5280 §6.3.3 (c): the delta CRLs that bring a complete CRL up to date. */
  deltasOf(crl: CertificateRevocationList): readonly CertificateRevocationList[] {
    const deltas = this.#byIssuer.get(nameKey(crl.issuer))?.deltas ?? []
    return deltas.filter((delta) => completes(delta, crl))
  }
}

function byIssuer(crls: readonly CertificateRevocationList[]) {
  const issuers = new Map<
    string,
    { complete: CertificateRevocationList[]; deltas: CertificateRevocationList[] }
  >()
  for (const crl of crls) {
    const key = nameKey(crl.issuer)
    const lists = issuers.get(key) ?? { complete: [], deltas: [] }
    issuers.set(key, lists)
    const isDelta = findExtension(crl.extensions, deltaCRLIndicator) !== undefined
    lists[isDelta ? 'deltas' : 'complete'].push(crl)
  }
  return issuers
}

function newest(crls: readonly CertificateRevocationList[]): readonly CertificateRevocationList[] {
  const sorted = [...crls].sort(
    (a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime() || compareBytes(b.der, a.der),
  )
  return sorted
    .filter((crl, i) => i === 0 || !equalBytes(crl.der, (sorted[i - 1] as CertificateRevocationList).der))
    .slice(0, maximumLists)
}

/** §5.2.4: same issuer, same scope, same key; based on this list or an earlier one, and later in the numbering. */
function completes(delta: CertificateRevocationList, crl: CertificateRevocationList): boolean {
  const [base, own] = [deltaCRLIndicator, cRLNumber].map((type) => findExtension(delta.extensions, type))
  const number = findExtension(crl.extensions, cRLNumber)
  if (base === undefined || own === undefined || number === undefined) return false
  return (
    base <= number &&
    number < own &&
    hasSameScope(delta, crl) &&
    hasSame(authorityKeyIdentifier.oid, delta, crl)
  )
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

const hasSameScope = (a: CertificateRevocationList, b: CertificateRevocationList): boolean =>
  hasSame(issuingDistributionPoint.oid, a, b)

function hasSame(oid: string, a: CertificateRevocationList, b: CertificateRevocationList): boolean {
  const [one, other] = [a, b].map(({ extensions }) => valueOf(oid, extensions))
  return one === undefined || other === undefined ? one === other : equalBytes(one, other)
}

const valueOf = (oid: string, extensions: readonly Extension[]): Uint8Array | undefined =>
  extensions.find((extension) => extension.oid === oid)?.valueDer
