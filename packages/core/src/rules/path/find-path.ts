import { equalBytes } from '../../encoding/bytes.js'
import type { PublicKey } from '../../crypto/public-key.js'
import type { Certificate } from '../../x509/certificate.js'
import { namesMatch } from '../../x509/name.js'
import { certificateFault, type KeyOf, keyReader } from './certificate-checks.js'
import { type Candidate, CertificatePool, namesAnotherKey } from './certificate-pool.js'
import { checkPolicies, nameConstraintFault, pathLengthFault } from './path-checks.js'
import type { PathSettings } from './path-settings.js'
import { type Asking, askSignature } from './questions.js'
import { createSearchBudget, type SearchBudget } from './search-budget.js'
import type { SignatureMemory } from './signature-memory.js'
import { mostUsefulFirst, type ValidationFault, validationFault } from './validation-fault.js'

/*
 * Building and validating paths in one search (RFC 4158), from the end entity upwards with backtracking.
 *
 * Upwards, every check of RFC 5280 §6.1 but that of policies can be made as soon as an issuer joins the path: what a CA
 * demands (path length, names) is about certificates that are on it already. So a wrong issuer is left at once, and not
 * when the path is complete. Policies are computed from the anchor down, once a path is complete.
 *
 * Two traps make naive searches exponential. CAs that certify each other in a circle, or in layers of twins, have a
 * number of paths that grows with every layer: most of them end nowhere, so before it goes up into an intermediate the
 * search asks whether any anchor can be reached from there at all, over verified signatures, and remembers the answer.
 * What is left is bounded by a budget.
 */

/** A path that was looked at, and why it is none: the end entity first. */
export interface TriedPath {
  readonly path: readonly Certificate[]
  readonly fault: ValidationFault
}

export type PathSearch =
  | {
      readonly ok: true
      /** The end entity first, the trust anchor last. */
      readonly path: readonly Certificate[]
      /** The user-constrained-policy-set of §6.1.5 (g), sorted; anyPolicy (2.5.29.32.0) stands for all. */
      readonly policies: readonly string[]
    }
  | { readonly ok: false; readonly tried: readonly TriedPath[] }

/** Is more wanted of a path that is valid so far? Its revocation, for one. */
export type LastCheck = (path: readonly Certificate[]) => Asking<ValidationFault | undefined>

/** Paths whose failure is told. A person reads three. */
const maximumTold = 64

export function* findPath(
  input: {
    readonly endEntity: Certificate
    readonly intermediates: readonly Certificate[]
    readonly anchors: readonly Certificate[]
    readonly signatures?: SignatureMemory | undefined
  },
  settings: PathSettings,
  lastCheck?: LastCheck,
): Asking<PathSearch> {
  const search = new Search(input, settings, lastCheck)
  return yield* search.run(input.endEntity)
}

class Search {
  readonly #pool: CertificatePool
  readonly #settings: PathSettings
  readonly #lastCheck: LastCheck | undefined
  readonly #keyOf: KeyOf = keyReader()
  readonly #budget: SearchBudget = createSearchBudget()
  readonly #tried: (TriedPath & { readonly length: number })[] = []
  readonly #verified = new Map<Certificate, Map<PublicKey, boolean>>()
  readonly #reaching = new Map<Certificate, boolean>()
  readonly #faults = new Map<Candidate, ValidationFault | 'none'>()
  readonly #memory: SignatureMemory | undefined
  readonly #endEntity: Certificate
  readonly #isTrusted: (certificate: Certificate) => boolean
  #isExhausted = false

  constructor(
    input: {
      readonly endEntity: Certificate
      readonly anchors: readonly Certificate[]
      readonly intermediates: readonly Certificate[]
      readonly signatures?: SignatureMemory | undefined
    },
    settings: PathSettings,
    lastCheck: LastCheck | undefined,
  ) {
    this.#pool = new CertificatePool(input.anchors, input.intermediates)
    this.#isTrusted = (certificate) => input.anchors.some(({ der }) => equalBytes(der, certificate.der))
    this.#settings = settings
    this.#lastCheck = lastCheck
    this.#memory = input.signatures
    this.#endEntity = input.endEntity
  }

  *run(endEntity: Certificate): Asking<PathSearch> {
    const at = { role: 'endEntity', depth: 0 } as const
    const fault = certificateFault(endEntity, at, this.#settings, this.#keyOf)
    if (fault !== undefined) return { ok: false, tried: [{ path: [endEntity], fault }] }
    // Whoever trusts the certificate itself needs no path to it.
    const { asEndEntity } = this.#settings.anchor
    if (asEndEntity !== false && this.#isTrusted(endEntity)) {
      const isTrusted = asEndEntity !== 'self-signed' || (yield* this.#isSignedBy(endEntity, endEntity))
      if (isTrusted) return { ok: true, path: [endEntity], policies: [] }
    }
    const found = yield* this.#extend([endEntity])
    if (found !== undefined) return found
    if (this.#isExhausted) {
      const state = 'has more paths than are searched; leave out certificates that do not belong to it'
      const spent = validationFault('budget_exhausted', { certificate: endEntity, depth: 0 }, state)
      // Told also where 64 others are, for those are not all.
      this.#tried.push({ path: [endEntity], fault: spent, length: 1 })
    }
    return {
      ok: false,
      tried: mostUsefulFirst(this.#tried).map(({ path, fault: why }) => ({ path, fault: why })),
    }
  }

  /** Look for a way from the top of `path` to an anchor. */
  *#extend(path: readonly Certificate[]): Asking<Extract<PathSearch, { ok: true }> | undefined> {
    const top = path[path.length - 1] as Certificate
    const candidates = this.#pool.issuersOf(top)
    if (candidates.length === 0) {
      const state = 'was issued by a CA that is neither a trust anchor nor among the intermediates'
      this.#tell(path, validationFault('unknown_issuer', { certificate: top, depth: path.length - 1 }, state))
    }
    for (const candidate of candidates) {
      if (this.#spend('steps')) return undefined
      const fault = yield* this.#refusal(candidate, path)
      if (this.#isExhausted) return undefined
      const longer = [...path, candidate.certificate]
      if (fault === 'loop') continue
      if (fault !== undefined) {
        this.#tell(longer, fault)
        continue
      }
      const found = candidate.isAnchor ? yield* this.#complete(longer) : yield* this.#extend(longer)
      if (found !== undefined || this.#isExhausted) return found
    }
    return undefined
  }

  /** Why a candidate cannot join the path as its next issuer. */
  *#refusal(
    candidate: Candidate,
    path: readonly Certificate[],
  ): Asking<ValidationFault | 'loop' | undefined> {
    const { certificate, isAnchor } = candidate
    if (path.some((one) => isSameCa(one, certificate))) return 'loop'
    const depth = path.length
    const fault =
      (yield* this.#unusable(candidate, depth)) ??
      this.#otherKey(path[depth - 1] as Certificate, certificate, depth) ??
      pathLengthFault(certificate, path, isAnchor, this.#settings) ??
      (isAnchor && !this.#settings.anchor.constraints
        ? undefined
        : nameConstraintFault(certificate, path, this.#budget.comparisons))
    if (fault !== undefined) return fault
    const top = path[depth - 1] as Certificate
    if (!(yield* this.#isSignedBy(top, certificate))) {
      return notSigned(top, depth - 1)
    }
    if (isAnchor || (yield* this.#reachesAnchor(certificate, [...path, certificate]))) return undefined
    const state = 'leads to no trust anchor'
    return validationFault('unknown_issuer', { certificate, depth }, state)
  }

  *#complete(path: readonly Certificate[]): Asking<Extract<PathSearch, { ok: true }> | undefined> {
    if (this.#spend('paths')) return undefined
    const { fault, policies } = checkPolicies(path, this.#settings)
    const why = fault ?? (this.#lastCheck && (yield* this.#lastCheck(path)))
    if (why === undefined) return { ok: true, path, policies }
    this.#tell(path, why)
    return undefined
  }

  *#unusable(candidate: Candidate, depth: number): Asking<ValidationFault | undefined> {
    let fault = this.#faults.get(candidate)
    if (fault === undefined) {
      fault = (yield* this.#examine(candidate, depth)) ?? 'none'
      this.#faults.set(candidate, fault)
    }
    return fault === 'none' ? undefined : { ...fault, depth }
  }

  *#examine({ certificate, isAnchor }: Candidate, depth: number): Asking<ValidationFault | undefined> {
    const role = isAnchor ? 'trustAnchor' : 'intermediate'
    const fault = certificateFault(certificate, { role, depth }, this.#settings, this.#keyOf)
    const isExempt = fault?.unlessSelfSigned === true && (yield* this.#isSignedBy(certificate, certificate))
    return isExempt ? undefined : fault
  }

  #otherKey(certificate: Certificate, issuer: Certificate, depth: number): ValidationFault | undefined {
    if (!this.#settings.matchKeyIdentifiers || !namesAnotherKey(certificate, issuer)) return undefined
    const state = 'has another subjectKeyIdentifier than the certificate names in its authorityKeyIdentifier'
    return validationFault('rule_broken', { certificate: issuer, depth }, state, 'RFC 5280 §4.2.1.1')
  }

  /**
   * Whether any anchor can be reached from an intermediate over usable CAs and verified signatures. Loops and
   * constraints of the path below are left out of account, so that the answer is the same for every path.
   */
  *#reachesAnchor(from: Certificate, path: readonly Certificate[]): Asking<boolean> {
    const known = this.#reaching.get(from)
    if (known !== undefined) return known
    // Each with a way from the end entity up to it, so that whoever ends the search can be named.
    const visited = new Map<Certificate, readonly Certificate[]>([[from, path]])
    for (const [certificate, below] of visited) {
      for (const candidate of this.#pool.issuersOf(certificate)) {
        if (this.#spend('steps')) return false
        const { certificate: issuer, isAnchor } = candidate
        if (visited.has(issuer) && !isAnchor) continue
        const fault = yield* this.#unusable(candidate, below.length)
        if (fault !== undefined) {
          this.#tell([...below, issuer], fault)
          continue
        }
        if (this.#reaching.get(issuer) === false) continue
        if (!(yield* this.#isSignedBy(certificate, issuer))) {
          this.#tell([...below, issuer], notSigned(certificate, below.length - 1))
          continue
        }
        if (isAnchor || this.#reaching.get(issuer) === true) {
          this.#reaching.set(from, true)
          return true
        }
        visited.set(issuer, [...below, issuer])
      }
    }
    for (const certificate of visited.keys()) this.#reaching.set(certificate, false)
    return false
  }

  *#isSignedBy(certificate: Certificate, issuer: Certificate): Asking<boolean> {
    const key = this.#keyOf(issuer)
    if (key === undefined) return false
    // An end entity is seldom seen twice, and would drive the CAs out of the memory.
    const memory = certificate === this.#endEntity ? undefined : this.#memory
    const known = this.#verified.get(certificate)?.get(key) ?? memory?.recall(certificate, issuer)
    if (known !== undefined) return known
    if (this.#spend('signatures')) return false
    const isValid = yield* askSignature(certificate, key)
    const ofCertificate = this.#verified.get(certificate)
    if (ofCertificate) ofCertificate.set(key, isValid)
    else this.#verified.set(certificate, new Map([[key, isValid]]))
    memory?.remember(certificate, issuer, isValid)
    return isValid
  }

  #tell(path: readonly Certificate[], fault: ValidationFault): void {
    if (this.#budget.comparisons.remaining < 0) this.#isExhausted = true
    if (this.#tried.length < maximumTold) this.#tried.push({ path, fault, length: path.length })
  }

  /** @returns whether the budget is spent, which ends the search */
  #spend(what: 'signatures' | 'paths' | 'steps'): boolean {
    this.#isExhausted ||= this.#budget[what]-- <= 0
    return this.#isExhausted
  }
}

const notSigned = (certificate: Certificate, depth: number): ValidationFault =>
  validationFault(
    'signature_invalid',
    { certificate, depth },
    'was not signed by the key of the CA that it names',
  )

/** RFC 4158 §2.4.2: a CA that comes twice makes a loop; a self-issued certificate with another key does not. */
const isSameCa = (a: Certificate, b: Certificate): boolean =>
  a === b || (equalBytes(a.spkiDer, b.spkiDer) && namesMatch(a.subject, b.subject))
