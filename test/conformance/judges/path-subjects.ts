import type { ServiceIdentity } from '../../../packages/core/src/path.js'
import { keyPurposes } from '../../../packages/core/src/x509/key-purposes.js'
import { param } from '../judge.js'
import type { Case } from '../pack.js'

/* What a case wants the certificate for, and whom it expects. */

type Skip = { readonly skip: string }

/** The purposes that are asked for, each by name or OID; one at least. */
export function purposesOf(subject: Case): readonly string[] | Skip {
  const listed = (subject.params['extendedKeyUsage'] ?? []) as readonly string[]
  const named = listed.length > 0 ? listed : [param(subject, 'purpose') || 'any']
  const asked = named.map((purpose) => opensslPurposes[purpose] ?? purpose)
  const unknown = asked.find((purpose) => !isPurpose(purpose))
  if (unknown !== undefined) return { skip: `purpose ${unknown} is not known` }
  return asked.map((purpose) => (purpose === 'anyExtendedKeyUsage' ? 'any' : purpose))
}

/** The names that `openssl verify -purpose` has. */
const opensslPurposes: Readonly<Record<string, string>> = {
  sslserver: 'serverAuth',
  sslclient: 'clientAuth',
  smimesign: 'emailProtection',
  smimeencrypt: 'emailProtection',
  timestampsign: 'timeStamping',
  codesign: 'codeSigning',
}

const isPurpose = (purpose: string): boolean =>
  purpose === 'any' || purpose in keyPurposes || /^[0-2](\.[0-9]+)+$/.test(purpose)

const identityTypes = { DNS: 'dns', IP: 'ip', RFC822: 'email', URI: 'uri' } as const

interface Peer {
  readonly kind: string
  readonly value: string
}

/** Who is expected, one at least: nobody in particular where the case names nobody. */
export function identitiesOf(subject: Case): readonly { readonly identity?: ServiceIdentity }[] | Skip {
  const { peer, peers } = subject.params
  const named = ((peers as readonly Peer[] | undefined) ?? (peer ? [peer as Peer] : [])).filter(Boolean)
  if (named.length === 0) return [{}]
  const unknown = named.find(({ kind }) => !(kind in identityTypes))
  if (unknown !== undefined) return { skip: `peer of kind ${unknown.kind} is not known` }
  return named.map(({ kind, value }) => ({
    identity: { type: identityTypes[kind as keyof typeof identityTypes], value },
  }))
}

/** A policy as the verdict has it. */
export const oidOrName = (policy: string): string => (/^any/i.test(policy) ? '2.5.29.32.0' : policy)
