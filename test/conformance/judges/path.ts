import type { PathVerdict, ServiceIdentity, VerifyRequest } from '../../../packages/core/src/path.js'
import { verifyCertificate } from '../../../packages/core/src/path.js'
import type { KeyUsage } from '../../../packages/core/src/x509/extensions/key-usage.js'
import { type Answer, bytes, bytesList, cryptoLimit, type Judge, param, timeOf, truth } from '../judge.js'
import type { Case } from '../pack.js'
import { anchorSettingsOf, anchorsOf } from './path-anchors.js'
import { isStrict, securityOf } from './path-rigour.js'
import { identitiesOf, oidOrName, purposesOf } from './path-subjects.js'

/** A certificate, its pool and its anchors. */
export const path: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  params: [
    'purpose',
    'extendedKeyUsage',
    'keyUsage',
    'peer',
    'peers',
    'maxDepth',
    'revocation',
    'initialPolicySet',
    'initialExplicitPolicy',
    'initialPolicyMappingInhibit',
    'initialAnyPolicyInhibit',
    'anchorMode',
    'authLevel',
    'partialChain',
    'strict',
    'allowSha1',
    'minRsaBits',
    'profile',
  ],
  async answer(subject) {
    const question = requestOf(subject)
    if ('skip' in question) return question
    let last: PathVerdict | undefined
    for (const identity of question.identities) {
      last = await firstValid(
        question.purposes.map((purpose) => ({ ...question.request, ...identity, purpose })),
      )
      if (!last.ok) return refusal(last)
    }
    const wanted = subject.expected.userPolicySet
    return last === undefined || wanted === undefined || haveSame(policiesOf(last), wanted.map(oidOrName))
      ? true
      : { misread: `policies ${policiesOf(last).join(', ')} for ${wanted.join(', ')}` }
  },
}

interface PathQuestion {
  readonly request: Omit<VerifyRequest, 'purpose' | 'identity'>
  /** A path that is for one of them will do: the meaning that Go gives a list of purposes. */
  readonly purposes: readonly string[]
  /** All of them must be among the names: the meaning that x509-limbo gives a list of peers. */
  readonly identities: readonly { readonly identity?: ServiceIdentity }[]
}

function requestOf(subject: Case): PathQuestion | { readonly skip: string } {
  const { params } = subject
  const purposes = purposesOf(subject)
  const identities = identitiesOf(subject)
  if ('skip' in purposes) return purposes
  if ('skip' in identities) return identities
  const profile = param(subject, 'profile') || 'rfc5280'
  if (profile !== 'rfc5280' && profile !== 'webpki') return { skip: `profile ${profile} is not known` }
  const revocation = param(subject, 'revocation') || 'none'
  if (revocation !== 'none' && revocation !== 'hard-fail') {
    return { skip: `revocation ${revocation} is not known` }
  }
  const anchor = anchorSettingsOf(subject)
  if ('skip' in anchor) return anchor
  const initialSet = (params['initialPolicySet'] ?? []) as readonly string[]
  const { anchors, others } = anchorsOf(subject)
  return {
    purposes,
    identities,
    request: {
      certificate: bytes(subject, 'leaf'),
      intermediates: [...bytesList(subject, 'intermediates'), ...others],
      trustAnchors: anchors,
      at: timeOf(subject),
      keyUsage: (params['keyUsage'] ?? []) as readonly KeyUsage[],
      profile,
      strict: isStrict(subject),
      crls: bytesList(subject, 'crls'),
      revocation,
      ...securityOf(subject),
      ...(typeof params['maxDepth'] === 'number' && { maximumDepth: params['maxDepth'] }),
      policies: {
        ...(initialSet.length > 0 && { initialSet: initialSet.map(oidOrName) }),
        requireExplicit: truth(subject, 'initialExplicitPolicy'),
        inhibitMapping: truth(subject, 'initialPolicyMappingInhibit'),
        inhibitAny: truth(subject, 'initialAnyPolicyInhibit'),
      },
      ...anchor,
    },
  }
}

/** The first verdict that is valid, or else the first. */
async function firstValid(requests: readonly VerifyRequest[]): Promise<PathVerdict> {
  const verdicts = []
  for (const request of requests) verdicts.push(await verifyCertificate(request))
  return (verdicts.find(({ ok }) => ok) ?? verdicts[0]) as PathVerdict
}

function refusal(verdict: Extract<PathVerdict, { ok: false }>): Answer {
  const [first] = verdict.faults
  return { refused: first?.fault ?? 'unknown_issuer', detail: first?.message ?? 'there is no path' }
}

const policiesOf = (verdict: PathVerdict): readonly string[] => (verdict.ok ? verdict.policies : [])

const haveSame = (some: readonly string[], others: readonly string[]): boolean =>
  [...some].sort().join() === [...others].sort().join()
