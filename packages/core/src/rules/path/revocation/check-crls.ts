import { equalBytes } from '../../../encoding/bytes.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import type { DistributionPoint, ReasonFlag } from '../../../x509/distribution-point.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { cRLNumber } from '../../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../../x509/extensions/delta-crl-indicator.js'
import { freshestCRL } from '../../../x509/extensions/freshest-crl.js'
import { issuerAltName } from '../../../x509/extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { formatName } from '../../../x509/name.js'
import type { Asking } from '../questions.js'
import { type CrlPool, maximumLists, supersedes } from './crl-pool.js'
import { allReasons, coveredReasons, crlIssuersOf, distributionPointsOf, scopeMismatch } from './crl-scope.js'
import { type CrlIssuers, findCrlSigner } from './crl-signer.js'
import { type EntrySearch, findEntry } from './find-entry.js'
import { type RevocationSettings, type RevocationStatus, secondsOf, staleness } from './revocation-status.js'
import type { SignatureChecks } from './signature-checks.js'

/*
 * CRLs, by RFC 5280 §6.3.3; letters in parentheses are its steps. In one thing this is stricter than the RFC, which stops
 * at the first lists that together cover all reasons: every list that covers the certificate is asked, and if any of
 * them says that it is revoked, it is. Otherwise the verdict would depend on the order of the lists, and who can add one
 * could hide another. Only a later list of the same key and scope takes back what an earlier one has said.
 */

export interface CrlContext extends RevocationSettings {
  readonly pool: CrlPool
  readonly issuers: CrlIssuers
  readonly signatures: SignatureChecks
}

type Told = Exclude<RevocationStatus, { kind: 'unknown' }>
type UsableSearch = Exclude<EntrySearch, { kind: 'unusable' }>

/** A complete CRL that counts, brought up to date by its delta where there is one. */
interface UsableCrl {
  readonly crl: CertificateRevocationList
  readonly signer: Certificate
  readonly told: Told
}

/** What CRLs say of a certificate. */
export function* checkCrls(certificate: Certificate, context: CrlContext): Asking<RevocationStatus> {
  const reading = new CrlReading(certificate, context)
  return yield* reading.run()
}

class CrlReading {
  readonly #certificate: Certificate
  readonly #context: CrlContext
  readonly #usable = new Map<CertificateRevocationList, UsableCrl | undefined>()
  #refusal: string | undefined
  #mismatch: string | undefined

  constructor(certificate: Certificate, context: CrlContext) {
    this.#certificate = certificate
    this.#context = context
  }

  *run(): Asking<RevocationStatus> {
    const covered = new Set<ReasonFlag>()
    for (const point of distributionPointsOf(this.#certificate)) {
      for (const { crl, told } of yield* this.#latest(this.#inScopeOf(point))) {
        if (told.kind === 'revoked') return told
        // (d), (l).
        for (const reason of coveredReasons(crl, point)) covered.add(reason)
      }
    }
    if (covered.size === allReasons.length) return { kind: 'good' }
    const missing = allReasons.filter((reason) => !covered.has(reason))
    const partly = covered.size === 0 ? undefined : `no CRL tells whether it is for ${missing.join(', ')}`
    const because = partly ?? this.#refusal ?? this.#mismatch ?? 'there is no CRL that covers it'
    return { kind: 'unknown', because }
  }

  /** (b). */
  #inScopeOf(point: DistributionPoint): readonly CertificateRevocationList[] {
    const { pool } = this.#context
    const issuers = crlIssuersOf(point, this.#certificate)
    // A set: the certificate may name one CRL issuer many times.
    const byIssuer = new Set(issuers.map((issuer) => pool.completeOf(issuer)))
    return [...byIssuer].flatMap((lists) =>
      lists.filter((crl) => this.#isInScope(crl, point)).slice(0, maximumLists),
    )
  }

  #isInScope(crl: CertificateRevocationList, point: DistributionPoint): boolean {
    const mismatch = scopeMismatch(crl, this.#certificate, point)
    if (mismatch !== undefined) this.#mismatch ??= nameOfList(crl, mismatch)
    return mismatch === undefined
  }

  /** Of those that are to be used, the ones that no later one of the same key and scope has made obsolete. */
  *#latest(crls: readonly CertificateRevocationList[]): Asking<readonly UsableCrl[]> {
    const usable: UsableCrl[] = []
    for (const crl of crls) {
      const one = yield* this.#use(crl)
      if (one !== undefined) usable.push(one)
    }
    const isObsolete = (older: UsableCrl): boolean =>
      usable.some(
        (newer) => supersedes(newer.crl, older.crl) && equalBytes(newer.signer.spkiDer, older.signer.spkiDer),
      )
    return usable.filter((one) => !isObsolete(one))
  }

  /** A list that several distribution points lead to is examined once. */
  *#use(crl: CertificateRevocationList): Asking<UsableCrl | undefined> {
    if (this.#usable.has(crl)) return this.#usable.get(crl)
    const usable = yield* this.#examine(crl)
    this.#usable.set(crl, usable)
    return usable
  }

  *#examine(crl: CertificateRevocationList): Asking<UsableCrl | undefined> {
    const { issuers, pool, signatures, strict } = this.#context
    const unfit = unfitness(crl, strict)
    if (unfit !== undefined) return this.#refuse(crl, unfit)
    const stale = staleness(crl, this.#context)
    const deltas = pool.deltasOf(crl)
    const isFromFuture = secondsOf(crl.thisUpdate) > secondsOf(this.#context.at)
    if (stale !== undefined && (isFromFuture || deltas.length === 0)) return this.#refuse(crl, stale)
    const signer = yield* findCrlSigner(crl, issuers, signatures)
    if (signer === undefined) return this.#refuse(crl, 'is not signed by a CRL issuer with a valid path')
    const inDelta = yield* this.#searchDeltas(deltas, signer)
    // (a): a list that is out of date is kept up to date by its delta.
    if (stale !== undefined && inDelta === undefined) return this.#refuse(crl, stale)
    const inComplete = findEntry(crl, this.#certificate)
    if (inComplete.kind === 'unusable') return this.#refuse(crl, inComplete.because)
    // (i), (j).
    return { crl, signer, told: toldBy(inDelta?.kind === 'found' ? inDelta : inComplete) }
  }

  /** (c), (h): what the newest usable delta says, signed with the same key; `undefined`: there is none. */
  *#searchDeltas(
    deltas: readonly CertificateRevocationList[],
    signer: Certificate,
  ): Asking<UsableSearch | undefined> {
    const { signatures, strict } = this.#context
    for (const delta of deltas) {
      if (staleness(delta, this.#context) !== undefined || unfitness(delta, strict) !== undefined) continue
      if (!(yield* signatures.isSignedBy(delta, signer))) continue
      const search = findEntry(delta, this.#certificate)
      if (search.kind !== 'unusable') return search
    }
    return undefined
  }

  /** What is told is why the newest list was not used. */
  #refuse(crl: CertificateRevocationList, state: string): undefined {
    this.#refusal ??= nameOfList(crl, state)
  }
}

const nameOfList = ({ issuer }: CertificateRevocationList, state: string): string =>
  `the CRL of "${formatName(issuer).slice(0, 200)}" ${state}`

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

/** (k). */
function toldBy(search: UsableSearch): Told {
  if (search.kind === 'absent' || search.entry.reason === 'removeFromCRL') return { kind: 'good' }
  const { revocationDate, reason } = search.entry
  return { kind: 'revoked', revokedAt: revocationDate, reason }
}
