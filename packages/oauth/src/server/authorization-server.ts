/*
 * The part of OAuth that a library does for us, in our words, so that another one can take its place. It checks clients,
 * redirect URIs, PKCE and codes, and issues tokens; which user, which rights and what is registered is our own affair.
 */

/** Paths below the issuer, the same for every implementation. */
export const paths = {
  authorize: '/oauth/authorize',
  consent: '/oauth/consent',
  token: '/oauth/token',
  revoke: '/oauth/revoke',
  register: '/oauth/register',
} as const

/** What a client asked for, and what its user has to decide. */
export interface PendingAuthorization {
  readonly clientId: string
  readonly redirectUri: string
  readonly resources: readonly string[]
}

/** A request to the authorization server, of which nothing else reaches it. */
export interface ServerRequest {
  /** For its cookies. */
  readonly request: Request
  readonly path: string
  readonly query?: URLSearchParams
  /** Absent: GET. */
  readonly form?: URLSearchParams
}

export interface AuthorizationServer {
  /** The authorization, resumption, token and revocation endpoints. Refusals are JSON (RFC 6749 §5.2). */
  answer(request: ServerRequest): Promise<Response>
  /** The authorization request that waits in this browser; `undefined` where there is none, or no longer. */
  findPending(request: Request, uid: string): Promise<PendingAuthorization | undefined>
  /** Take the answer to a pending request, once. @returns false where it has been answered */
  close(uid: string): Promise<boolean>
  /** Send the browser on, with the user's answer: a code for this grant, or `access_denied`. */
  finish(request: Request, uid: string, outcome: Outcome): Promise<Response>
  /** Where a pending request goes on once it is answered. */
  resumeUrl(uid: string): string
}

export type Outcome =
  | { readonly kind: 'granted'; readonly userId: string; readonly grantId: string }
  | { readonly kind: 'denied' }
