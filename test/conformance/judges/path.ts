import {
  type ServiceIdentity,
  verifyCertificate,
  type VerifyRequest,
} from '../../../packages/core/src/path.js'
import type { KeyUsage } from '../../../packages/core/src/x509/extensions/key-usage.js'
import { bytes, bytesList, cryptoLimit, type Judge, param, truth } from '../judge.js'
import type { Case } from '../pack.js'

/** A certificate, its pool and its anchors. */
export const path: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  async answer(subject) {
    const verdict = await verifyCertificate(requestOf(subject))
    if (verdict.ok) return true
    const [first] = verdict.faults
    return { refused: first?.fault ?? 'unknown_issuer', detail: first?.message ?? 'there is no path' }
  },
}

function requestOf(subject: Case): VerifyRequest {
  const { params } = subject
  const purposes = params['extendedKeyUsage'] as readonly string[] | undefined
  const profile = param(subject, 'profile') === 'webpki' ? 'webpki' : 'rfc5280'
  const initialSet = params['initialPolicySet'] as readonly string[] | undefined
  return {
    certificate: bytes(subject, 'leaf'),
    intermediates: bytesList(subject, 'intermediates'),
    trustAnchors: anchorsOf(subject),
    at: subject.time === null ? now : new Date(subject.time),
    purpose: purposes?.[0] ?? (param(subject, 'purpose') || 'any'),
    keyUsage: (params['keyUsage'] ?? []) as readonly KeyUsage[],
    identity: identities(params['peers'] ?? [params['peer']]),
    profile,
    strict: isStrict(subject),
    crls: bytesList(subject, 'crls'),
    revocation: param(subject, 'revocation') === 'hard-fail' ? 'hard-fail' : 'none',
    allowSha1: truth(subject, 'allowSha1'),
    ...(typeof params['maxDepth'] === 'number' && { maximumDepth: params['maxDepth'] }),
    ...(typeof params['minRsaBits'] === 'number' && { minimumRsaBits: params['minRsaBits'] }),
    policies: {
      ...(initialSet && initialSet.length > 0 && { initialSet }),
      requireExplicit: truth(subject, 'initialExplicitPolicy'),
      inhibitMapping: truth(subject, 'initialPolicyMappingInhibit'),
      inhibitAny: truth(subject, 'initialAnyPolicyInhibit'),
    },
    ...anchorOf(param(subject, 'anchorMode')),
  }
}

/** What a case without a time means by now; every such case is valid for centuries. */
const now = new Date('2026-11-23T12:00:00Z')

/**
 * A case that sets inputs of RFC 5280 §6.1.1 asks for that algorithm and no more. Others ask whether a certificate
 * should be accepted, and expect the rules that bind its CA to count.
 */
function isStrict(subject: Case): boolean {
  const { strict } = subject.params
  if (typeof strict === 'boolean') return strict
  return !algorithmInputs.some((name) => name in subject.params)
}

const algorithmInputs = [
  'anchorMode',
  'initialPolicySet',
  'initialExplicitPolicy',
  'initialPolicyMappingInhibit',
  'initialAnyPolicyInhibit',
  'authLevel',
]

const identityTypes = { DNS: 'dns', IP: 'ip', RFC822: 'email', URI: 'uri' } as const

function identities(peers: unknown): readonly ServiceIdentity[] {
  const named = (peers as ({ kind: keyof typeof identityTypes; value: string } | null)[]).filter(
    (one) => one !== null && one !== undefined,
  )
  return named.map(({ kind, value }) => ({ type: identityTypes[kind], value }))
}

/** BoringSSL's modes of trust: what is distrusted is no anchor, and what is trusted as a leaf is one for itself alone. */
function anchorsOf(subject: Case): Uint8Array[] {
  const mode = param(subject, 'anchorMode').split('+')[0] ?? ''
  const anchors = bytesList(subject, 'trusted')
  if (mode === 'distrusted' || mode === 'unspecified') return []
  if (mode !== 'leaf') return anchors
  const leaf = Buffer.from(bytes(subject, 'leaf'))
  return anchors.filter((anchor) => leaf.equals(anchor))
}

/** BoringSSL's names for what counts of an anchor. */
function anchorOf(mode: string): Pick<VerifyRequest, 'anchor'> {
  if (mode === '') return {}
  const has = (part: string): boolean => mode.split('+').includes(part)
  return {
    anchor: {
      expiry: has('expiry'),
      constraints: has('constraints'),
      basicConstraints: has('constraints') && has('requireBasicConstraints'),
      asEndEntity: has('leaf') || has('anchorOrLeaf'),
    },
  }
}
