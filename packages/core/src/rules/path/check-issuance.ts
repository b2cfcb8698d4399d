import type { PublicKey } from '../../crypto/public-key.js'
import { equalBytes } from '../../encoding/bytes.js'
import type { PathFaultContext } from '../../errors/codes.js'
import type { Certificate } from '../../x509/certificate.js'
import { type Extension, findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposeOf, keyPurposes } from '../../x509/key-purposes.js'
import { emptyName, formatName, type Name, namesMatch } from '../../x509/name.js'
import {
  checkNameConstraints,
  type ConstrainedNames,
  createComparisonBudget,
  type NameConstraintFaultCode,
} from './name-constraints.js'
import { issuerKeyFault, keyFault } from './key-strength.js'
import { checkPolicies, type PolicyHolder, type PolicySettings } from './path-checks.js'
import { unprocessableExtension } from './processed-extensions.js'

/*
 * Will it validate? Before a certificate is signed, the path that it would end is walked as a relying party
 * walks it (RFC 5280 §6.1), against the whole chain and not the nearest issuer alone. Whoever learns from a
 * client that a root forbids what an intermediate has just signed learns it too late: the serial is spent and
 * the certificate is out.
 *
 * Two questions of §6.1 are not asked. Signatures of the chain were checked when it was imported or made; the
 * time is now, and whether a CA has expired is asked where the issuer is found. Two are asked more strictly
 * than there: the validity lies inside that of every issuer, and extendedKeyUsage nests.
 *
 * All faults are found, not only the first.
 *
 * Where CAs are re-issued or cross-signed there is more than one path. On the others all is asked but the validity: a
 * path that ends before the certificate does is one that relying parties give up in time, as long as there is another.
 */

/** A certificate as it would be issued. */
export interface PathCandidate {
  readonly subject: Name
  readonly subjectAltNames: readonly GeneralName[]
  readonly isCa: boolean
  /** Of a CA; absent: no limit of its own. */
  readonly pathLength?: number | undefined
  /** OIDs; absent: the certificate does not restrict purposes. */
  readonly extendedKeyUsage?: readonly string[] | undefined
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: PublicKey
  /** What certificatePolicies is looked up in; absent: there are none. */
  readonly extensions?: readonly Extension[] | undefined
}

export type PathFaultCode =
  | 'chain_broken'
  | 'not_a_ca'
  | 'key_cert_sign_missing'
  | 'path_length_exceeded'
  | 'validity_outside_issuer'
  | 'extended_key_usage_not_nested'
  | 'weak_key'
  | 'unprocessable_extension'
  | 'policy_not_valid'
  | 'any_policy_mapped'
  | NameConstraintFaultCode

/** `depth` says whose fault it is: 0 the candidate, 1 its issuer, and so on up to the root. */
export interface PathFault extends PathFaultContext {
  readonly fault: PathFaultCode
}

export type PathVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly faults: readonly PathFault[] }

/**
 * @param chain the issuer first, then its issuer, up to the root
 * @throws {RangeError} the chain is empty
 */
export function checkIssuance(candidate: PathCandidate, chain: readonly Certificate[]): PathVerdict {
  if (chain.length === 0)
    throw new RangeError('checkIssuance: expected at least one issuer, got an empty chain')
  const own = chainFaults(chain)
  const faults = [
    ...own.links,
    ...(candidate.isCa ? checkPathLength(candidate, chain) : own.pathLength),
    ...checkValidity(candidate, chain),
    ...checkPurposes(candidate, chain),
    ...checkKeys([keyFault(candidate.publicKey)], 0),
    ...own.keys,
    ...checkNames([{ depth: 0, names: candidate }], chain),
    ...checkCertificatePolicies(candidate, chain),
  ]
  return verdictOf(faults)
}

/** What a chain is at fault for, whatever end entity is issued below it. */
interface ChainFaults {
  readonly chain: readonly Certificate[]
  readonly links: readonly PathFault[]
  readonly pathLength: readonly PathFault[]
  readonly keys: readonly PathFault[]
}

/** By the issuer: its chain is the same from one issuance to the next, until a CA above gets another certificate. */
const remembered = new WeakMap<Certificate, ChainFaults>()

function chainFaults(chain: readonly Certificate[]): ChainFaults {
  const [issuer] = chain as readonly [Certificate]
  const known = remembered.get(issuer)
  if (known !== undefined && isSameChain(known.chain, chain)) return known
  const made: ChainFaults = {
    chain,
    links: [...checkLinks(chain), ...checkIssuers(chain)],
    pathLength: [...checkPathLength({ subject: emptyName, isCa: false }, chain)],
    keys: [...checkKeys(chain.map(issuerKeyFault), 1)],
  }
  remembered.set(issuer, made)
  return made
}

const isSameChain = (a: readonly Certificate[], b: readonly Certificate[]): boolean =>
  a.length === b.length && a.every((certificate, i) => certificate === b[i])

/**
 * The same for another path than the one that the issuer's chain is, without the validity. A path on which no certificate
 * below the issuer could be valid, whatever it says, is none: it is not this one that breaks it.
 *
 * @param chain the issuer first, then its issuer, up to the root; all live now
 */
export function checkOtherPath(candidate: PathCandidate, chain: readonly Certificate[]): PathVerdict {
  if (isCircle(candidate, chain) || !isPassable(chain)) return { ok: true }
  return verdictOf([
    ...checkPathLength(candidate, chain),
    ...checkPurposes(candidate, chain),
    ...checkNames([{ depth: 0, names: candidate }], chain),
    ...checkCertificatePolicies(candidate, chain),
  ])
}

const verdictOf = (faults: readonly PathFault[]): PathVerdict =>
  faults.length === 0 ? { ok: true } : { ok: false, faults }

/** RFC 4158 §2.4.2: nobody goes over a CA to come to it. */
const isCircle = ({ subject, publicKey }: PathCandidate, chain: readonly Certificate[]): boolean =>
  chain.some((ca) => equalBytes(ca.spkiDer, publicKey.spkiDer) && namesMatch(ca.subject, subject))

/** Whether anything below its first CA can be valid. */
function isPassable(chain: readonly Certificate[]): boolean {
  const [issuer] = chain as readonly [Certificate]
  const ownFaults = [
    ...checkLinks(chain),
    ...checkIssuers(chain),
    ...checkPathLength({ subject: issuer.subject, isCa: false }, chain),
    ...checkKeys(chain.map(issuerKeyFault), 1),
    ...checkNames([], chain),
  ]
  return ownFaults.length === 0 && hasCommonPurpose(chain) && policyFault(chain) === undefined
}

/** Two CAs of which one may issue for servers alone and the other for clients alone leave nothing to issue. */
function hasCommonPurpose(chain: readonly Certificate[]): boolean {
  const limits = chain
    .map((ca) => findExtension(ca.extensions, extendedKeyUsage))
    .filter((allowed) => allowed !== undefined && !allowed.includes(keyPurposes.anyExtendedKeyUsage))
  const [first, ...others] = limits
  return first === undefined || first.some((oid) => others.every((allowed) => allowed?.includes(oid)))
}

/** §6.1.3 (a)(4). */
function* checkLinks(chain: readonly Certificate[]): Iterable<PathFault> {
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1]
    if (issuer === undefined || namesMatch(certificate.issuer, issuer.subject)) continue
    const message = `${title(certificate)} names another issuer than ${title(issuer)}, which follows it`
    yield { fault: 'chain_broken', depth: i + 1, clause: 'RFC 5280 §6.1.3 (a)(4)', message }
  }
}

/** §6.1.4 (k), (n), (o). */
function* checkIssuers(chain: readonly Certificate[]): Iterable<PathFault> {
  for (const [i, issuer] of chain.entries()) {
    const depth = i + 1
    if (!findExtension(issuer.extensions, basicConstraints)?.isCa) {
      const message = `${title(issuer)} is not a CA (basicConstraints)`
      yield { fault: 'not_a_ca', depth, clause: 'RFC 5280 §6.1.4 (k)', message }
    }
    const usages = findExtension(issuer.extensions, keyUsage)
    if (usages && !usages.includes('keyCertSign')) {
      const message = `${title(issuer)} may not sign certificates (keyUsage without keyCertSign)`
      yield { fault: 'key_cert_sign_missing', depth, clause: 'RFC 5280 §6.1.4 (n)', message }
    }
    const extension = unprocessableExtension(issuer)
    if (extension !== undefined) {
      const message = `${title(issuer)} has the critical extension ${extension}, which validators do not process`
      yield { fault: 'unprocessable_extension', depth, clause: 'RFC 5280 §6.1.4 (o)', message }
    }
  }
}

/**
 * §6.1.4 (l), (m): pathLenConstraint counts the CAs between its certificate and the last one, self-issued
 * ones left out. A candidate that is a CA counts already, as it is of no use without certificates of its own.
 */
function* checkPathLength(
  candidate: Pick<PathCandidate, 'subject' | 'isCa' | 'pathLength'>,
  chain: readonly Certificate[],
): Iterable<PathFault> {
  const [issuer] = chain as [Certificate]
  const counts = candidate.isCa && !namesMatch(candidate.subject, issuer.subject)
  let below = counts ? 1 : 0
  for (const [i, ca] of chain.entries()) {
    const limit = findExtension(ca.extensions, basicConstraints)?.pathLength
    const promised = candidate.isCa ? below + (candidate.pathLength ?? 0) : below
    if (limit !== undefined && promised > limit) {
      const reason = below > limit ? '' : ', counting those that the new one would allow'
      const message = `${title(ca)} allows ${limit} CAs below it (pathLenConstraint) and would have ${promised}${reason}`
      yield { fault: 'path_length_exceeded', depth: i + 1, clause: 'RFC 5280 §6.1.4 (l)', message }
    }
    if (!isSelfIssued(ca)) below++
  }
}

/** §6.1.3 (a)(2) asks for one moment at which all are valid. Nested, they are valid as long as the candidate says. */
function* checkValidity(candidate: PathCandidate, chain: readonly Certificate[]): Iterable<PathFault> {
  for (const [i, issuer] of chain.entries()) {
    if (candidate.notBefore >= issuer.notBefore && candidate.notAfter <= issuer.notAfter) continue
    const message = `the validity ${period(candidate)} is not inside that of ${title(issuer)}, ${period(issuer)}`
    yield { fault: 'validity_outside_issuer', depth: i + 1, clause: 'RFC 5280 §6.1.3 (a)(2)', message }
  }
}

/**
 * RFC 5280 §4.2.1.12 gives extendedKeyUsage in a CA certificate no meaning for what is below. Windows, NSS,
 * Go and OpenSSL do: it is the set of purposes that the CA may issue for. OCSP responders are exempt: RFC
 * 6960 §4.2.2.2 has them issued by the CA itself, whatever it issues for, and CA/B BR §7.1.2.10.6 keeps the
 * purpose out of CA certificates.
 */
function* checkPurposes(candidate: PathCandidate, chain: readonly Certificate[]): Iterable<PathFault> {
  const purposes =
    candidate.extendedKeyUsage?.filter((oid) => candidate.isCa || oid !== keyPurposes.ocspSigning) ?? []
  for (const [i, issuer] of chain.entries()) {
    const allowed = findExtension(issuer.extensions, extendedKeyUsage)
    if (allowed === undefined || allowed.includes(keyPurposes.anyExtendedKeyUsage)) continue
    const excess = purposes.filter((oid) => !allowed.includes(oid)).map(purposeName)
    if (excess.length === 0) continue
    const message = `${title(issuer)} may issue for ${allowed.map(purposeName).join(', ')}, not for ${excess.join(', ')}`
    yield { fault: 'extended_key_usage_not_nested', depth: i + 1, clause: 'RFC 5280 §4.2.1.12', message }
  }
}

function* checkKeys(faults: readonly (string | undefined)[], firstDepth: number): Iterable<PathFault> {
  const clause = 'NIST SP 800-57 part 1, table 2'
  for (const [i, message] of faults.entries()) {
    if (message !== undefined) yield { fault: 'weak_key', depth: firstDepth + i, clause, message }
  }
}

/** §6.1.3 (b), (c): every certificate against every CA above it; self-issued ones are exempt unless they end the path. */
function* checkNames(
  candidates: readonly { readonly depth: number; readonly names: ConstrainedNames }[],
  chain: readonly Certificate[],
): Iterable<PathFault> {
  const budget = createComparisonBudget()
  const clause = 'RFC 5280 §4.2.1.10'
  const below = [...candidates]
  for (const [i, ca] of chain.entries()) {
    const constraints = findExtension(ca.extensions, nameConstraints)
    for (const { depth, names } of constraints ? below : []) {
      const found = constraints && checkNameConstraints(constraints, names, budget)
      if (found)
        yield { fault: found.fault, depth, clause, message: `${found.message} (constraints of ${title(ca)})` }
      if (found?.fault === 'name_constraint_budget') return
    }
    if (!isSelfIssued(ca)) below.push({ depth: i + 1, names: namesOf(ca) })
  }
}

/** §6.1 as far as it is about policies: a CA that a root elsewhere binds to some may have to name one in what it issues. */
function* checkCertificatePolicies(
  { subject, extensions = [] }: PathCandidate,
  chain: readonly Certificate[],
): Iterable<PathFault> {
  const [issuer] = chain as readonly [Certificate]
  const found = policyFault([{ subject, issuer: issuer.subject, extensions }, ...chain])
  if (found !== undefined) yield found
}

/** A path can fail for its policies only where a CA on it constrains or maps them, and few do. */
function policyFault(path: readonly PolicyHolder[]): PathFault | undefined {
  const isBound = path.some(({ extensions }) => extensions.some(({ oid }) => policyRules.has(oid)))
  const fault = isBound ? checkPolicies(path, anyPolicyAtFirst).fault : undefined
  if (fault === undefined) return undefined
  const { depth, clause, message } = fault
  return { fault: fault.fault as 'policy_not_valid' | 'any_policy_mapped', depth, clause, message }
}

const policyRules: ReadonlySet<string> = new Set([policyConstraints.oid, policyMappings.oid])

/** §6.1.1 (c) to (g), as relying parties have them that ask for no policy. */
const anyPolicyAtFirst: PolicySettings = {
  initialPolicySet: undefined,
  initialExplicitPolicy: false,
  initialPolicyMappingInhibit: false,
  initialAnyPolicyInhibit: false,
  anchor: { constraints: true },
}

const namesOf = (certificate: Certificate): ConstrainedNames => ({
  subject: certificate.subject,
  subjectAltNames: findExtension(certificate.extensions, subjectAltName) ?? [],
})

const isSelfIssued = (certificate: Certificate): boolean =>
  namesMatch(certificate.subject, certificate.issuer)

const purposeName = (oid: string): string => keyPurposeOf(oid) ?? oid

const title = (certificate: Certificate): string => `"${formatName(certificate.subject).slice(0, 200)}"`

const period = ({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }): string =>
  `${seconds(notBefore)} to ${seconds(notAfter)}`

const seconds = (time: Date): string => time.toISOString().replace('.000Z', 'Z')
