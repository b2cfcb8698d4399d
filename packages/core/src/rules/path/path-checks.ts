import type { Certificate } from '../../x509/certificate.js'
import { findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { inhibitAnyPolicy } from '../../x509/extensions/inhibit-any-policy.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { isSelfIssued } from './certificate-checks.js'
import { checkNameConstraints, type ComparisonBudget } from './name-constraints.js'
import type { PathSettings } from './path-settings.js'
import { anyPolicy, PolicyGraph } from './policy-graph.js'
import { type ValidationFault, validationFault } from './validation-fault.js'

/*
 * What one certificate of a path says of the others. A path is a list: the end entity first, the trust anchor last.
 */

/**
 * §6.1.4 (l), (m), and the caller's own limit.
 *
 * @param below the path up to and without the issuer
 */
export function pathLengthFault(
  issuer: Certificate,
  below: readonly Certificate[],
  isAnchor: boolean,
  settings: PathSettings,
): ValidationFault | undefined {
  const intermediates = below.slice(1).filter((certificate) => !isSelfIssued(certificate)).length
  const at = { certificate: issuer, depth: below.length }
  const counted = intermediates + (isAnchor || isSelfIssued(issuer) ? 0 : 1)
  if (settings.maximumDepth !== undefined && counted > settings.maximumDepth) {
    const state = `makes ${counted} intermediates where ${settings.maximumDepth} are allowed`
    return validationFault('path_too_long', at, state)
  }
  if (isAnchor && !settings.anchor.constraints) return undefined
  const limit = findExtension(issuer.extensions, basicConstraints)?.pathLength
  if (limit === undefined || intermediates <= limit) return undefined
  const state = `allows ${limit} CAs below it (pathLenConstraint) and has ${intermediates}`
  return validationFault('path_length_exceeded', at, state)
}

/** §6.1.3 (b), (c): the constraints of one CA against every certificate below it. */
export function nameConstraintFault(
  issuer: Certificate,
  below: readonly Certificate[],
  budget: ComparisonBudget,
): ValidationFault | undefined {
  const constraints = findExtension(issuer.extensions, nameConstraints)
  if (constraints === undefined) return undefined
  for (const [depth, certificate] of below.entries()) {
    // A self-issued certificate is exempt, unless it ends the path.
    if (depth > 0 && isSelfIssued(certificate)) continue
    const names = {
      subject: certificate.subject,
      subjectAltNames: findExtension(certificate.extensions, subjectAltName) ?? [],
    }
    const found = checkNameConstraints(constraints, names, budget)
    if (found)
      return validationFault(
        found.fault,
        { certificate, depth },
        `has a name that it may not have: ${found.message}`,
      )
  }
  return undefined
}

export interface PolicyOutcome {
  readonly fault?: ValidationFault
  /** The user-constrained-policy-set; anyPolicy stands for all. */
  readonly policies: readonly string[]
}

/** What of a certificate its policies hang on. One that is not signed yet has no serial number. */
export type PolicyHolder = Pick<Certificate, 'subject' | 'issuer' | 'extensions'> &
  Partial<Pick<Certificate, 'serialNumber'>>

export type PolicySettings = Pick<
  PathSettings,
  'initialPolicySet' | 'initialExplicitPolicy' | 'initialPolicyMappingInhibit' | 'initialAnyPolicyInhibit'
> & { readonly anchor: Pick<PathSettings['anchor'], 'constraints'> }

/** §6.1 as far as it is about policies, over a whole path. */
export function checkPolicies(path: readonly PolicyHolder[], settings: PolicySettings): PolicyOutcome {
  const n = path.length - 1
  const graph = new PolicyGraph()
  // §6.1.2 (d), (e), (f).
  let explicitPolicy = settings.initialExplicitPolicy ? 0 : n + 1
  let inhibitAny = settings.initialAnyPolicyInhibit ? 0 : n + 1
  let policyMapping = settings.initialPolicyMappingInhibit ? 0 : n + 1
  const first = settings.anchor.constraints ? n : n - 1
  for (let depth = first; depth >= 0; depth--) {
    const certificate = path[depth] as PolicyHolder
    const { extensions } = certificate
    const isAnchor = depth === n
    const isLast = depth === 0
    const selfIssued = isSelfIssued(certificate)
    const policies = findExtension(extensions, certificatePolicies)?.map((one) => one.policyIdentifier)
    if (policies !== undefined) graph.add(policies, inhibitAny > 0 || (!isLast && selfIssued))
    // RFC 5937 §3.2: an anchor without policies does not limit them.
    else if (!isAnchor) graph.setNull()
    if (explicitPolicy === 0 && graph.isNull) return noPolicy(certificate, depth)

    const constraints = findExtension(extensions, policyConstraints)
    if (isLast) {
      // §6.1.5 (a), (b).
      if (explicitPolicy > 0) explicitPolicy--
      if (constraints?.requireExplicitPolicy === 0) explicitPolicy = 0
      break
    }
    const mappings = findExtension(extensions, policyMappings)
    if (mappings !== undefined) {
      const mapsAny = mappings.some(
        (one) => one.issuerDomainPolicy === anyPolicy || one.subjectDomainPolicy === anyPolicy,
      )
      if (mapsAny) {
        return {
          fault: validationFault('any_policy_mapped', { certificate, depth }, 'maps anyPolicy'),
          policies: [],
        }
      }
      graph.map(mappings, policyMapping > 0)
    }
    // §6.1.4 (h), (i), (j).
    if (!selfIssued && !isAnchor) {
      explicitPolicy = Math.max(0, explicitPolicy - 1)
      policyMapping = Math.max(0, policyMapping - 1)
      inhibitAny = Math.max(0, inhibitAny - 1)
    }
    explicitPolicy = Math.min(explicitPolicy, constraints?.requireExplicitPolicy ?? Infinity)
    policyMapping = Math.min(policyMapping, constraints?.inhibitPolicyMapping ?? Infinity)
    inhibitAny = Math.min(inhibitAny, findExtension(extensions, inhibitAnyPolicy) ?? Infinity)
  }
  const policies = [...graph.constrainedPolicies(settings.initialPolicySet)].sort()
  if (explicitPolicy === 0 && policies.length === 0) return noPolicy(path[0] as PolicyHolder, 0)
  return { policies }
}

const noPolicy = (certificate: PolicyHolder, depth: number): PolicyOutcome => ({
  fault: validationFault(
    'policy_not_valid',
    { certificate, depth },
    'ends every policy that the path must be valid under',
  ),
  policies: [],
})
