import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { findExtension } from '../../../x509/extension.js'
import { basicConstraints } from '../../../x509/extensions/basic-constraints.js'
import { noRevAvail } from '../../../x509/extensions/no-rev-avail.js'
import { type Name, namesMatch } from '../../../x509/name.js'
import type { BasicOcspResponse } from '../../../x509/ocsp-basic-response.js'
import type { LastCheck } from '../find-path.js'
import type { Asking } from '../questions.js'
import { type ValidationFault, validationFault } from '../validation-fault.js'
import { checkCrls } from './check-crls.js'
import { checkOcsp } from './check-ocsp.js'
import { CrlPool } from './crl-pool.js'
import { type RevocationFetch, revocationFetch } from './revocation-fetch.js'
import { type RevocationSettings, type RevocationStatus, worstOf } from './revocation-status.js'
import { SignatureChecks } from './signature-checks.js'

/*
 * Is a path that is valid otherwise revoked? (RFC 5280 §6.1.3 (a)(3).) Whoever signs a CRL needs a valid path as well
 * (§6.3.3 (f)), on which nobody is revoked, so that one check leads to others: of CRL issuers, and of theirs. They may go
 * in a circle, since a CRL issuer's own certificate may be on the list that it signs. Such a list is believed unless it
 * revokes its own issuer: who holds a key that was not revoked may speak with it, also about itself.
 */

/** What is at hand to find out. */
export interface RevocationSources {
  readonly crls: readonly CertificateRevocationList[]
  readonly ocspResponses: readonly BasicOcspResponse[]
}

export interface RevocationMode {
  /** A status that nobody tells is a fault. Otherwise only a revoked certificate is one. */
  readonly hardFail: boolean
  /** Ask for more where the sources do not tell. */
  readonly fetch: boolean
}

/** What else the validator knows. */
export interface PathFinder {
  /** Those that may be on a path, CRL issuers and OCSP responders among them. */
  readonly certificates: readonly Certificate[]
  /** Whether there is a valid path to this anchor that `lastCheck` finds no fault with. */
  hasPath(certificate: Certificate, anchor: Certificate, lastCheck: LastCheck): Asking<boolean>
  /** Whether the issuers above make a valid path for a certificate that the first of them has signed. */
  isValidBelow(certificate: Certificate, issuers: readonly Certificate[]): boolean
}

/** CRL issuers of CRL issuers of …: one or two in practice, and the third is somebody's mistake. */
const maximumNesting = 4

/** Paths of CRL issuers that are searched in one validation: the certificates of a path have few that are no CAs on it. */
const maximumSearches = 16

/** Certificates whose status is asked for outside: those of a path or two, and of the CRL issuers. */
const maximumFetches = 16

/**
 * The check of paths for a search. The certificates of a path are asked about from the end entity's up, its anchor is not
 * (§6.1.1 (d)). A certificate that is revoked is told before one of which nobody knows.
 */
export function createRevocationCheck(
  sources: RevocationSources,
  settings: RevocationSettings & RevocationMode,
  finder: PathFinder,
): LastCheck {
  const run = new RevocationRun(sources, settings, finder)
  return (path) => run.check(path)
}

class RevocationRun {
  readonly #settings: RevocationSettings & RevocationMode
  readonly #finder: PathFinder
  readonly #signatures = new SignatureChecks()
  readonly #trusted = new Map<Certificate, Map<Certificate, boolean>>()
  readonly #asked = new Set<Certificate>()
  /** CRL issuers whose own paths are being validated, the outermost first. */
  readonly #underway: Certificate[] = []
  #sources: RevocationSources
  #pool: CrlPool
  #searchesLeft = maximumSearches

  constructor(sources: RevocationSources, settings: RevocationSettings & RevocationMode, finder: PathFinder) {
    this.#sources = sources
    this.#pool = new CrlPool(sources.crls)
    this.#settings = settings
    this.#finder = finder
  }

  *check(path: readonly Certificate[]): Asking<ValidationFault | undefined> {
    let unknown: ValidationFault | undefined
    for (const [depth, certificate] of path.slice(0, -1).entries()) {
      const status = yield* this.#statusOf(certificate, path.slice(depth))
      if (status.kind === 'revoked') return revokedFault(certificate, depth, status)
      if (status.kind === 'good' || !this.#settings.hardFail) continue
      const state = `may be revoked: ${status.because}`
      unknown ??= validationFault('revocation_unknown', { certificate, depth }, state)
    }
    return unknown
  }

  /** @param path from the certificate up */
  *#statusOf(certificate: Certificate, path: readonly Certificate[]): Asking<RevocationStatus> {
    if (hasNoStatus(certificate)) return { kind: 'good' }
    const status = yield* this.#statusFromSources(certificate, path)
    if (status.kind !== 'unknown' || !this.#settings.fetch) return status
    const hasMore = yield* this.#fetch(revocationFetch(certificate, path[1] as Certificate))
    return hasMore ? yield* this.#statusFromSources(certificate, path) : status
  }

  *#statusFromSources(certificate: Certificate, path: readonly Certificate[]): Asking<RevocationStatus> {
    const question = { certificate, issuer: path[1] as Certificate }
    const { ocspResponses } = this.#sources
    const told = yield* checkOcsp(question, ocspResponses, {
      ...this.#settings,
      signatures: this.#signatures,
      certificates: this.#finder.certificates,
      isValid: (responder) => this.#finder.isValidBelow(responder, path.slice(1)),
      statusByCrls: (responder) => this.#statusByCrls(responder, [responder, ...path.slice(1)]),
    })
    if (told.kind === 'revoked') return told
    const listed = yield* this.#statusByCrls(certificate, path)
    const inOrder = this.#sources.crls.length === 0 ? [told, listed] : [listed, told]
    return worstOf(inOrder) as RevocationStatus
  }

  *#statusByCrls(certificate: Certificate, path: readonly Certificate[]): Asking<RevocationStatus> {
    const known = (subject: Name): readonly Certificate[] =>
      [...new Set([...path, ...this.#finder.certificates])].filter((one) => namesMatch(one.subject, subject))
    return yield* checkCrls(certificate, {
      ...this.#settings,
      pool: this.#pool,
      signatures: this.#signatures,
      issuers: { certificatesOf: known, isTrusted: (crlIssuer) => this.#isTrusted(crlIssuer, path) },
    })
  }

  *#isTrusted(crlIssuer: Certificate, path: readonly Certificate[]): Asking<boolean> {
    // Those above the certificate are on a path that is valid if this check succeeds.
    if (path.includes(crlIssuer, 1) || this.#underway.includes(crlIssuer)) return true
    const anchor = path.at(-1) as Certificate
    const known = this.#trusted.get(anchor)?.get(crlIssuer)
    if (known !== undefined) return known
    if (this.#underway.length === maximumNesting || this.#searchesLeft-- <= 0) return false
    this.#underway.push(crlIssuer)
    const isTrusted = yield* this.#finder.hasPath(crlIssuer, anchor, (its) => this.check(its))
    this.#underway.pop()
    // An answer on the way to another one takes that one for granted, and is good for nothing else.
    if (this.#underway.length === 0) this.#remember(crlIssuer, anchor, isTrusted)
    return isTrusted
  }

  #remember(crlIssuer: Certificate, anchor: Certificate, isTrusted: boolean): void {
    const byIssuer = this.#trusted.get(anchor) ?? new Map<Certificate, boolean>()
    this.#trusted.set(anchor, byIssuer.set(crlIssuer, isTrusted))
  }

  /** @returns whether there is something new; each certificate is asked about once */
  *#fetch(request: RevocationFetch): Asking<boolean> {
    if (this.#asked.has(request.certificate) || this.#asked.size === maximumFetches) return false
    this.#asked.add(request.certificate)
    const fetched = (yield { ask: 'fetch', request }) as RevocationSources | undefined
    if (fetched === undefined) return false
    this.#sources = {
      crls: [...this.#sources.crls, ...fetched.crls],
      ocspResponses: [...this.#sources.ocspResponses, ...fetched.ocspResponses],
    }
    this.#pool = new CrlPool(this.#sources.crls)
    this.#trusted.clear()
    return true
  }
}

/** RFC 9608 §2 keeps the extension out of the certificates of CAs, and a CA cannot lift its revocation with it. */
const hasNoStatus = ({ extensions }: Certificate): boolean =>
  extensions.some(({ oid }) => oid === noRevAvail.oid) &&
  findExtension(extensions, basicConstraints)?.isCa !== true

function revokedFault(
  certificate: Certificate,
  depth: number,
  status: Extract<RevocationStatus, { kind: 'revoked' }>,
): ValidationFault {
  const reason = status.reason === undefined ? '' : ` (${status.reason})`
  const state = `was revoked at ${status.revokedAt.toISOString().replace('.000Z', 'Z')}${reason}`
  return validationFault('revoked', { certificate, depth }, state)
}
