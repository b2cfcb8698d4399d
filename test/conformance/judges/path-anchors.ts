import { namesMatch, parseCertificate } from '@certwright/core'
import type { VerifyRequest } from '../../../packages/core/src/path.js'
import { bytes, bytesList, param, truth } from '../judge.js'
import type { Case } from '../pack.js'

/* What a case trusts, in the words of BoringSSL (anchorMode) or of OpenSSL (partialChain). */

/** The trust anchors, and what lies among them and is none. */
export function anchorsOf(subject: Case): {
  readonly anchors: readonly Uint8Array[]
  readonly others: readonly Uint8Array[]
} {
  const [mode = ''] = modesOf(subject)
  const trusted = bytesList(subject, 'trusted')
  if (mode === 'distrusted' || mode === 'unspecified') return { anchors: [], others: [] }
  if (mode === 'leaf') {
    const leaf = Buffer.from(bytes(subject, 'leaf'))
    return { anchors: trusted.filter((anchor) => leaf.equals(anchor)), others: [] }
  }
  return asksOpenssl(subject) && !truth(subject, 'partialChain')
    ? selfIssuedAmong(trusted)
    : { anchors: trusted, others: [] }
}

const asksOpenssl = ({ params }: Case): boolean => 'partialChain' in params || 'authLevel' in params

/** Without `-partial_chain`, OpenSSL lets a path end in a self-issued certificate alone. */
export function selfIssuedAmong(trusted: readonly Uint8Array[]): {
  readonly anchors: readonly Uint8Array[]
  readonly others: readonly Uint8Array[]
} {
  return { anchors: trusted.filter(isSelfIssued), others: trusted.filter((der) => !isSelfIssued(der)) }
}

function isSelfIssued(der: Uint8Array): boolean {
  const { subject, issuer } = parseCertificate(der)
  return namesMatch(subject, issuer)
}

const knownModes: ReadonlySet<string> = new Set([
  'anchor',
  'anchorOrLeaf',
  'leaf',
  'selfSigned',
  'distrusted',
  'unspecified',
  'expiry',
  'constraints',
  'requireBasicConstraints',
])

const modesOf = (subject: Case): readonly string[] =>
  param(subject, 'anchorMode')
    .split('+')
    .filter((mode) => mode !== '')

/** What counts of an anchor. */
export function anchorSettingsOf(subject: Case): Pick<VerifyRequest, 'anchor'> | { readonly skip: string } {
  const modes = modesOf(subject)
  if (modes.length === 0) return {}
  const unknown = modes.find((mode) => !knownModes.has(mode))
  if (unknown !== undefined) return { skip: `anchorMode ${unknown} is not known` }
  const has = (mode: string): boolean => modes.includes(mode)
  const isLeafTrusted = has('leaf') || has('anchorOrLeaf')
  return {
    anchor: {
      expiry: has('expiry'),
      constraints: has('constraints'),
      basicConstraints: has('constraints') && has('requireBasicConstraints'),
      asEndEntity: isLeafTrusted && has('selfSigned') ? 'self-signed' : isLeafTrusted,
    },
  }
}
