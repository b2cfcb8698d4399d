import { parsePublicKey } from '../../../crypto/public-key.js'
import { equalBytes } from '../../../encoding/bytes.js'
import { isPkiError } from '../../../errors/pki-error.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import type { DistributionPoint, ReasonFlag } from '../../../x509/distribution-point.js'
import { findExtension } from '../../../x509/extension.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../../x509/extensions/delta-crl-indicator.js'
import { freshestCRL } from '../../../x509/extensions/freshest-crl.js'
import { issuerAltName } from '../../../x509/extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { keyUsage } from '../../../x509/extensions/key-usage.js'
import { namesMatch } from '../../../x509/name.js'
import type { CrlEntry } from '../../../x509/revoked-certificate.js'
import { type Asking, askSignature } from '../questions.js'
import { allReasons, coveredReasons, scopeMismatch } from './crl-scope.js'
import { findEntry } from './find-entry.js'
import { type RevocationContext, type RevocationStatus, staleness } from './revocation-status.js'

/*
 * CRLs, by RFC 5280 §6.3.3. For each distribution point of the certificate the lists that cover it are looked through
 * until one says that it is revoked, or all reasons for which it could be are accounted for. Letters in parentheses are
 * the steps of the RFC.
 */

/** Lists of one issuer that are looked at for one certificate: CAs with several keys and partitions have a few. */
const maximumLists = 100

export function* checkCrls(
  certificate: Certificate,
  issuer: Certificate,
  crls: readonly CertificateRevocationList[],
  context: RevocationContext,
): Asking<RevocationStatus> {
  const check = new CrlCheck(certificate, issuer, crls, context)
  return yield* check.run()
}

class CrlCheck {
  readonly #certificate: Certificate
  readonly #issuer: Certificate
  readonly #crls: readonly CertificateRevocationList[]
  readonly #context: RevocationContext
  readonly #covered = new Set<ReasonFlag>()
  readonly #valid = new Map<CertificateRevocationList, boolean>()
  #because = 'there is no CRL that covers it'

  constructor(
    certificate: Certificate,
    issuer: Certificate,
    crls: readonly CertificateRevocationList[],
    context: RevocationContext,
  ) {
    this.#certificate = certificate
    this.#issuer = issuer
    this.#crls = crls
    this.#context = context
  }

  *run(): Asking<RevocationStatus> {
    const points = findExtension(this.#certificate.extensions, cRLDistributionPoints) ?? []
    // The last paragraph of §6.3.3: lists of the certificate's issuer count as if a distribution point had named it.
    const implied: DistributionPoint = {
      distributionPoint: {
        type: 'fullName',
        names: [{ type: 'directoryName', name: this.#certificate.issuer }],
      },
    }
    for (const point of [...points, implied]) {
      const revoked = yield* this.#askPoint(point)
      if (revoked !== undefined) return revoked
      if (this.#covered.size === allReasons.length) return { kind: 'good' }
    }
    return { kind: 'unknown', because: this.#because }
  }

  *#askPoint(point: DistributionPoint): Asking<RevocationStatus | undefined> {
    const complete = this.#crls.filter(
      (crl) => findExtension(crl.extensions, deltaCRLIndicator) === undefined,
    )
    let looked = 0
    for (const crl of complete) {
      if (scopeMismatch(crl, this.#certificate, point) !== undefined) continue
      if (looked++ === maximumLists) break
      // (d), (e).
      const reasons = coveredReasons(crl, point)
      if (!reasons.some((reason) => !this.#covered.has(reason))) continue
      const status = yield* this.#askList(crl)
      if (status === undefined) continue
      if (status.kind === 'revoked') return status
      for (const reason of reasons) this.#covered.add(reason)
      if (this.#covered.size === allReasons.length) return undefined
    }
    return undefined
  }

  /** @returns `undefined`: the list is not to be used */
  *#askList(
    crl: CertificateRevocationList,
  ): Asking<Exclude<RevocationStatus, { kind: 'unknown' }> | undefined> {
    const refused = (because: string): undefined => {
      this.#because = `the CRL of "${crlName(crl)}" ${because}`
      return undefined
    }
    const delta = yield* this.#deltaOf(crl)
    const stale = staleness(crl, this.#context)
    // (a): a list that is out of date is kept up to date by its delta; one from the future is nobody's.
    if (stale !== undefined && (delta === undefined || !isPast(crl, this.#context))) return refused(stale)
    const unfit = unfitness(crl, this.#context.strict)
    if (unfit !== undefined) return refused(unfit)
    if (!(yield* this.#isValid(crl))) return refused('is not signed by a CRL issuer with a valid path')
    // (i), (j), (k).
    for (const list of delta === undefined ? [crl] : [delta, crl]) {
      const search = readEntry(list, this.#certificate)
      if (search.kind === 'unusable') return refused(`has an entry with the critical extension ${search.oid}`)
      if (search.kind === 'found') return statusOf(search.entry)
    }
    return { kind: 'good' }
  }

  /** (c), (h): the newest delta that completes this list. */
  *#deltaOf(crl: CertificateRevocationList): Asking<CertificateRevocationList | undefined> {
    const number = findExtension(crl.extensions, cRLNumber)
    if (number === undefined) return undefined
    const deltas = this.#crls.filter((delta) => completes(delta, crl, number))
    deltas.sort((a, b) => (numberOf(a) < numberOf(b) ? 1 : -1))
    for (const delta of deltas.slice(0, maximumLists)) {
      if (staleness(delta, this.#context) !== undefined) continue
      if (unfitness(delta, this.#context.strict) !== undefined) continue
      if (yield* this.#isValid(delta)) return delta
    }
    return undefined
  }

  /** (f), (g): signed by someone who may, and whom the same trust anchor vouches for. */
  *#isValid(crl: CertificateRevocationList): Asking<boolean> {
    const known = this.#valid.get(crl)
    if (known !== undefined) return known
    const isValid = yield* this.#findSigner(crl)
    this.#valid.set(crl, isValid)
    return isValid
  }

  *#findSigner(crl: CertificateRevocationList): Asking<boolean> {
    const isIssuers = namesMatch(crl.issuer, this.#issuer.subject)
    // The issuer of the certificate is on a path that was validated.
    if (isIssuers && maySign(this.#issuer) && (yield* isSignedBy(crl, this.#issuer))) return true
    for (const candidate of this.#context.certificatesOf(crl.issuer)) {
      if (candidate === this.#issuer || !maySign(candidate)) continue
      if (!(yield* isSignedBy(crl, candidate))) continue
      const { hasPath } = this.#context
      if (hasPath === undefined || (yield* hasPath(candidate))) return true
    }
    return false
  }
}

const crlName = (crl: CertificateRevocationList): string =>
  crl.issuer.rdns.flat().at(-1)?.value.slice(0, 100) ?? ''

const isPast = (crl: CertificateRevocationList, { at }: RevocationContext): boolean => crl.thisUpdate <= at

const numberOf = (crl: CertificateRevocationList): bigint => findExtension(crl.extensions, cRLNumber) ?? 0n

/** §5.2.4: same issuer, same scope, same key; based on this list or an earlier one, and newer than it. */
function completes(
  delta: CertificateRevocationList,
  crl: CertificateRevocationList,
  number: bigint,
): boolean {
  const base = findExtension(delta.extensions, deltaCRLIndicator)
  if (base === undefined || base > number || numberOf(delta) < number) return false
  if (!namesMatch(delta.issuer, crl.issuer)) return false
  return [issuingDistributionPoint.oid, authorityKeyIdentifier.oid].every((oid) =>
    sameExtension(delta, crl, oid),
  )
}

function sameExtension(a: CertificateRevocationList, b: CertificateRevocationList, oid: string): boolean {
  const [one, other] = [a, b].map(({ extensions }) => extensions.find((extension) => extension.oid === oid))
  if (one === undefined || other === undefined) return one === other
  return equalBytes(one.valueDer, other.valueDer)
}

const processed: ReadonlySet<string> = new Set(
  [
    authorityKeyIdentifier,
    cRLNumber,
    deltaCRLIndicator,
    freshestCRL,
    issuerAltName,
    issuingDistributionPoint,
  ].map(({ oid }) => oid),
)

/** §5.2: a critical extension that is not processed. Strictly also what CRL issuers may not write (§5.2.3). */
function unfitness({ extensions, version }: CertificateRevocationList, strict: boolean): string | undefined {
  const unknown = extensions.find(({ critical, oid }) => critical && !processed.has(oid))
  if (unknown !== undefined) return `has the critical extension ${unknown.oid}`
  if (!strict) return undefined
  const number = extensions.find(({ oid }) => oid === cRLNumber.oid)
  if (version === 2 && number === undefined) return 'has no CRL number'
  return number?.critical === true ? 'has a critical CRL number' : undefined
}

/** §6.3.3 (f): "if a key usage extension is present …, verify that the cRLSign bit is set". */
function maySign({ extensions }: Certificate): boolean {
  const usages = findExtension(extensions, keyUsage)
  return usages === undefined || usages.includes('cRLSign')
}

function* isSignedBy(crl: CertificateRevocationList, signer: Certificate): Asking<boolean> {
  try {
    return yield* askSignature(crl, parsePublicKey(signer.spkiDer))
  } catch (error) {
    if (isPkiError(error)) return false
    throw error
  }
}

/** An entry that cannot be read makes its list unusable, as an unknown critical extension does. */
function readEntry(crl: CertificateRevocationList, certificate: Certificate): ReturnType<typeof findEntry> {
  try {
    return findEntry(crl, certificate)
  } catch (error) {
    if (isPkiError(error)) return { kind: 'unusable', oid: error.message }
    throw error
  }
}

function statusOf(entry: CrlEntry): Exclude<RevocationStatus, { kind: 'unknown' }> {
  if (entry.reason === 'removeFromCRL') return { kind: 'good' }
  return { kind: 'revoked', revokedAt: entry.revocationDate, reason: entry.reason }
}
