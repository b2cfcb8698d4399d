import type { Rights } from '@certwright/core'

/*
 * What an authority has to know, as simply as it can be said. Certificates, CAs and keys are known by the number of their
 * creation, for their ids are the authority's.
 */

export interface ModelCa {
  /** Of an intermediate: the number of its issuer. */
  readonly parent?: number
  readonly isRevoked: boolean
}

export interface ModelCertificate {
  readonly ca: number
  readonly mode: 'managed' | 'csr'
  readonly state: 'good' | 'held' | 'revoked'
}

export interface ModelKey {
  readonly rights: ReadonlyMap<number, Rights>
  readonly isRevoked: boolean
}

/** Mutable: a command changes it as it changes the authority. */
export interface AuthorityModel {
  cas: ModelCa[]
  certificates: ModelCertificate[]
  keys: ModelKey[]
  /** Of each CA, the number of the last list that was seen. */
  lastCrlNumber: Map<number, number>
}

export const emptyModel = (): AuthorityModel => ({
  cas: [],
  certificates: [],
  keys: [],
  lastCrlNumber: new Map(),
})

/** Who asks: a key by its number, or the operator. */
export type Asker = number | 'operator'

/** The code that a call is refused with; `undefined`: it is granted. */
export function permissionFault(
  model: AuthorityModel,
  asker: Asker,
  ca: number,
  right: keyof Rights,
  missing: 'ca_not_found' | 'certificate_not_found',
): string | undefined {
  if (asker === 'operator') return undefined
  const key = model.keys[asker]
  if (key === undefined || key.isRevoked) return 'invalid_credentials'
  const rights = key.rights.get(ca)
  if (rights === undefined || !(rights.canRead || rights.canIssue || rights.canRevoke)) return missing
  return rights[right] ? undefined : 'permission_denied'
}

/** Neither it nor one above it is revoked. */
export function isUsable(model: AuthorityModel, ca: number): boolean {
  for (let above: number | undefined = ca; above !== undefined; above = model.cas[above]?.parent)
    if (model.cas[above]?.isRevoked === true) return false
  return true
}

/** What a change of status is refused with. */
export function transitionFault(
  state: ModelCertificate['state'],
  change: 'revoke' | 'hold' | 'release',
): string | undefined {
  if (state === 'revoked') return 'already_revoked'
  if (change === 'release') return state === 'held' ? undefined : 'transition_refused'
  return change === 'hold' && state === 'held' ? 'transition_refused' : undefined
}

export const replaceAt = <T>(list: T[], index: number, change: Partial<T>): void => {
  const one = list[index]
  if (one !== undefined) list[index] = { ...one, ...change }
}
