import type { Rights } from '../../ports/records.js'

const brand: unique symbol = Symbol.for('certwright.Principal')

/** The host's own code: every right, in every workspace. */
export interface OperatorPrincipal {
  readonly kind: 'operator'
  /** Appears as the actor in the audit log. */
  readonly id: string
  readonly [brand]: true
}

/** A caller that has shown an API key. */
export interface ApiKeyPrincipal {
  readonly kind: 'apiKey'
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly workspaceId: string
  readonly userId: string
  /** By CA id; a CA that is not in it does not exist for this principal. */
  readonly grants: ReadonlyMap<string, Rights>
  readonly [brand]: true
}

/** A caller that has shown an OAuth access token. */
export interface OAuthPrincipal {
  readonly kind: 'oauth'
  /** Of the grant, which outlives its tokens: whoever refreshes one stays the same principal. */
  readonly id: string
  readonly clientId: string
  readonly clientName: string
  readonly workspaceId: string
  readonly userId: string
  /** The resource that the token is for (RFC 8707). Whoever serves a resource refuses tokens that are for another one. */
  readonly audience?: string
  /** By CA id: what was granted, as far as the user may do it now. */
  readonly grants: ReadonlyMap<string, Rights>
  readonly [brand]: true
}

/** Who asks. Made by `operator` and by `authority.authenticate`; data from outside (JSON) cannot pass for one. */
export type Principal = OperatorPrincipal | ApiKeyPrincipal | OAuthPrincipal

/**
 * The host's own code as a principal, with every right. Give it to no request that comes from outside.
 *
 * @param name 1 to 100 characters, for the audit log
 */
export function operator(name: string): OperatorPrincipal {
  if (name.length === 0 || name.length > 100) {
    throw new RangeError(`operator: expected a name of 1 to 100 characters, got ${name.length}`)
  }
  return Object.freeze({ kind: 'operator', id: name, [brand]: true as const })
}

/** For the one flow that has checked an API key. */
export const apiKeyPrincipal = (key: Omit<ApiKeyPrincipal, 'kind' | typeof brand>): ApiKeyPrincipal =>
  Object.freeze({ [brand]: true as const, ...key, kind: 'apiKey' })

/** For the one flow that has checked an access token. */
export const oauthPrincipal = (grant: Omit<OAuthPrincipal, 'kind' | typeof brand>): OAuthPrincipal =>
  Object.freeze({ [brand]: true as const, ...grant, kind: 'oauth' })

/** Deny by default: whatever was not made here is nobody. */
export const isPrincipal = (value: unknown): value is Principal =>
  typeof value === 'object' && value !== null && brand in value
