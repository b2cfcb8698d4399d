import { platformCrypto } from '../../crypto/platform.js'
import type { CryptoProvider, MaybePromise } from '../../crypto/provider.js'
import { isPkiError } from '../../errors/pki-error.js'
import { findPath, type PathSearch, type TriedPath } from '../../rules/path/find-path.js'
import type { ServiceIdentity } from '../../rules/path/identity/service-identity.js'
import type { AnchorSettings, CertificateRule, PathSettings } from '../../rules/path/path-settings.js'
import { answerAll } from '../../rules/path/questions.js'
import { type ValidationFault, validationFault } from '../../rules/path/validation-fault.js'
import type { SignatureMemory } from '../../rules/path/signature-memory.js'
import { noPublicSuffixWildcard, webpkiRules } from '../../rules/path/webpki-rules.js'
import { type Certificate, parseCertificate } from '../../x509/certificate.js'
import type { KeyUsage } from '../../x509/extensions/key-usage.js'
import { type KeyPurpose, keyPurposes } from '../../x509/key-purposes.js'
import { anyPolicy } from '../../rules/path/policy-graph.js'
import type { RevocationSources } from '../../rules/path/revocation/check-revocation.js'
import type { RevocationFetch } from '../../rules/path/revocation/revocation-fetch.js'
import { blocksOf } from './pem-blocks.js'
import { type CrlInput, type FetchedRevocation, revocationCheck, sourcesOf } from './revocation-check.js'
import { strictRulesOf } from './strict-rules.js'

/** A certificate in any form: DER, a PEM text with one block, or parsed. */
export type CertificateInput = Uint8Array | string | Certificate

export interface VerifyRequest {
  readonly certificate: CertificateInput
  /**
   * Certificates that may be on the path, in any order; a PEM text may have many. Those that cannot be read or used are
   * left out.
   */
  readonly intermediates?: readonly CertificateInput[]
  /** Certificates of the CAs that are trusted, as above. */
  readonly trustAnchors: readonly CertificateInput[]
  /** The time of validation. There is no default: a verdict depends on it. */
  readonly at: Date
  /** What the certificate is to be used for: a purpose by name or OID. Default: `serverAuth`; `any` asks for none. */
  readonly purpose?: KeyPurpose | 'any' | (string & {})
  /**
   * The certificate must name that purpose in extendedKeyUsage: to have none, or anyExtendedKeyUsage, does not do, as RFC
   * 5280 §4.2.1.12 lets applications demand. Default: false.
   */
  readonly requirePurpose?: boolean
  /** What a keyUsage of the certificate must have. */
  readonly keyUsage?: readonly KeyUsage[]
  /** Who is expected: one of these must be among the subject alternative names. Default: nobody in particular. */
  readonly identity?: ServiceIdentity | readonly ServiceIdentity[]
  /** `rfc5280` (default), or `webpki`: what the CA/Browser Forum asks of TLS servers besides. */
  readonly profile?: 'rfc5280' | 'webpki'
  /** Refuse also what RFC 5280 forbids CAs to issue, and lets relying parties accept. Default: false. */
  readonly strict?: boolean
  /**
   * Whether nobody owns all names below a domain (the Public Suffix List, its private section included): wildcards there
   * are refused. Default: any wildcard with two labels behind it is taken.
   */
  readonly isPublicSuffix?: (domain: string) => boolean
  /** Most intermediates that are not self-issued. Default: no limit but the budget of the search. */
  readonly maximumDepth?: number
  /** RFC 5280 §6.1.1 (c) to (g). OIDs; default: any policy, and nothing inhibited. */
  readonly policies?: {
    readonly initialSet?: readonly string[]
    readonly requireExplicit?: boolean
    readonly inhibitMapping?: boolean
    readonly inhibitAny?: boolean
  }
  /** What of a trust anchor's certificate counts besides its name and key. Default: its expiry and its constraints. */
  readonly anchor?: Partial<AnchorSettings>
  /** Verify signatures with SHA-1, which has collisions for sale. Default: false. */
  readonly allowSha1?: boolean
  /** Default: 2048. */
  readonly minimumRsaBits?: number
  /** What tells of revocation: CRLs as DER, PEM or parsed, delta CRLs among them; OCSP responses as DER. */
  readonly crls?: readonly CrlInput[]
  readonly ocspResponses?: readonly Uint8Array[]
  /**
   * `hard-fail`: every certificate but the anchor must be known not to be revoked. `soft-fail`: none may be known to be
   * revoked. Default: `hard-fail` where there are CRLs, OCSP responses or `fetchRevocation`, else `none`.
   */
  readonly revocation?: 'none' | 'soft-fail' | 'hard-fail'
  /** Oldest thisUpdate that is believed. Default: nextUpdate decides. */
  readonly maximumRevocationAgeSeconds?: number
}

export interface VerifyOptions {
  /** Default: that of the platform. */
  readonly crypto?: CryptoProvider
  /** Signatures that were verified before are not verified again: see `createSignatureMemory`. */
  readonly signatures?: SignatureMemory
  /**
   * Called where the request does not tell the status of a certificate; `undefined`: it is not to be had. Nothing is ever
   * fetched without it.
   */
  readonly fetchRevocation?: (asked: RevocationFetch) => MaybePromise<FetchedRevocation | undefined>
}

/** The verdict, and why: a value, because an invalid certificate is no failure of the validator. */
export type PathVerdict =
  | Extract<PathSearch, { ok: true }>
  | {
      readonly ok: false
      /** The first is the most useful one. */
      readonly faults: readonly ValidationFault[]
      /** Every path that was looked at, and its first fault; the most useful first. */
      readonly tried: readonly TriedPath[]
    }

/**
 * Build and validate a path from a certificate to a trust anchor (RFC 5280 §6.1, RFC 4158, RFC 9525, RFC 9618).
 *
 * Synchronous where the platform's cryptography is, as node:crypto is for all but post-quantum algorithms.
 *
 * @returns a verdict for whatever a peer may send: certificates that cannot be read are faults, not exceptions
 * @throws {RangeError} `at` is no time, or `requirePurpose` is asked for without a purpose
 */
export function verifyCertificate(
  request: VerifyRequest,
  options: VerifyOptions = {},
): MaybePromise<PathVerdict> {
  if (Number.isNaN(request.at.getTime())) throw new RangeError('at: expected a valid time')
  if (request.requirePurpose === true && request.purpose === 'any') {
    throw new RangeError('requirePurpose: expected a purpose to require, got "any"')
  }
  const endEntity = readInput(request.certificate)
  if (!('der' in endEntity)) return { ok: false, faults: [endEntity], tried: [] }
  const input = {
    endEntity,
    intermediates: readable(request.intermediates ?? []),
    anchors: readable(request.trustAnchors),
    signatures: options.signatures,
  }
  const settings = settingsOf(request)
  const { crypto = platformCrypto, fetchRevocation } = options
  const search = findPath(
    input,
    settings,
    revocationCheck(request, input, settings, fetchRevocation !== undefined),
  )
  const found = answerAll(search, {
    crypto,
    allowSha1: settings.allowSha1,
    fetch: fetchRevocation && answerFetch(fetchRevocation),
  })
  return found instanceof Promise ? found.then(verdictOf) : verdictOf(found)
}

const verdictOf = (found: PathSearch): PathVerdict =>
  found.ok ? found : { ok: false, faults: found.tried.map(({ fault }) => fault), tried: found.tried }

function settingsOf(request: VerifyRequest): PathSettings {
  const { purpose = 'serverAuth', identity = [], policies = {}, anchor = {}, strict = false } = request
  const initial = policies.initialSet
  return {
    at: request.at,
    purposes: purpose === 'any' ? [] : [keyPurposes[purpose as KeyPurpose] ?? purpose],
    requirePurpose: request.requirePurpose ?? false,
    keyUsages: request.keyUsage ?? [],
    identities: Array.isArray(identity) ? identity : [identity as ServiceIdentity],
    maximumDepth: request.maximumDepth,
    initialPolicySet: initial === undefined || initial.includes(anyPolicy) ? undefined : new Set(initial),
    initialExplicitPolicy: policies.requireExplicit ?? false,
    initialPolicyMappingInhibit: policies.inhibitMapping ?? false,
    initialAnyPolicyInhibit: policies.inhibitAny ?? false,
    anchor: { expiry: true, constraints: true, basicConstraints: strict, asEndEntity: true, ...anchor },
    allowSha1: request.allowSha1 ?? false,
    minimumRsaBits: request.minimumRsaBits ?? 2048,
    rules: rulesOf(request),
    matchKeyIdentifiers: strict,
  }
}

function rulesOf({ profile = 'rfc5280', strict, isPublicSuffix }: VerifyRequest): readonly CertificateRule[] {
  return [
    ...(strict ? strictRulesOf(profile) : []),
    ...(profile === 'webpki' ? webpkiRules : []),
    ...(isPublicSuffix ? [noPublicSuffixWildcard(isPublicSuffix)] : []),
  ]
}

function readInput(input: CertificateInput): Certificate | ValidationFault {
  if (typeof input === 'object' && 'tbsDer' in input) return input
  try {
    return parseCertificate(input)
  } catch (error) {
    if (!isPkiError(error)) throw error
    return validationFault('malformed', { depth: 0 }, error.message)
  }
}

/** Put in the sources' own form; those that cannot be read tell nothing. */
const answerFetch =
  (fetchRevocation: NonNullable<VerifyOptions['fetchRevocation']>) =>
  (asked: RevocationFetch): MaybePromise<RevocationSources | undefined> => {
    const answer = fetchRevocation(asked)
    return answer instanceof Promise ? answer.then(sourcesOf) : sourcesOf(answer)
  }

/** Those that can be read, of a PEM text every block. */
export const readable = (inputs: readonly CertificateInput[]): Certificate[] =>
  inputs
    .flatMap((input): readonly CertificateInput[] => (typeof input === 'string' ? blocksOf(input) : [input]))
    .map(readInput)
    .filter((one): one is Certificate => 'der' in one)
