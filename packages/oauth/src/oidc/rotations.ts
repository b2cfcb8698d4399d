import { AsyncLocalStorage } from 'node:async_hooks'
import { createHmac, randomBytes } from 'node:crypto'
import { secretHashOf, type Storage } from '@certwright/core'
import { transact } from '../records/transact.js'
import { wholeSeconds } from '../records/whole-seconds.js'

/*
 * Refresh tokens rotate at each use, and one that comes twice is a sign of theft (RFC 9700 §4.14.2). Clients retry,
 * though: an answer is lost on the way, or two processes of one client refresh together. So a rotation can be repeated
 * for some seconds, and gives the same tokens again: they are derived from the token that was presented and a random seed,
 * which the first of the requests leaves in the transaction that consumes the token. However many come, there is one
 * rotation and one pair of tokens.
 *
 * The seed goes with the leeway. Afterwards nobody can derive anything, who has the old token and the store included.
 */

/** As long as a client waits for an answer before it tries again, and no longer than it takes to notice. */
export const leewaySeconds = 10

type TokenKind = 'AccessToken' | 'RefreshToken'

interface Rotation {
  presented?: string
  seed?: string
}

export interface Rotations {
  /** What a token request does runs in here, so that its rotation is its own. */
  within<T>(work: () => Promise<T>): Promise<T>
  /** Whether a consumed token is that of a rotation which may be repeated: not once its successor was used. */
  mayRepeat(presented: string): Promise<boolean>
  /** Consume the token, or join those who have just done so. @returns false where that was too long ago */
  rotate(presented: string): Promise<boolean>
  /** The 256 random bits of the next token of this kind, base64url; `undefined` outside of a rotation. */
  successor(kind: TokenKind): string | undefined
}

export function rotationsIn(storage: Storage, now: () => Date): Rotations {
  const current = new AsyncLocalStorage<Rotation>()
  return {
    within: (work) => current.run({}, work),

    async mayRepeat(presented) {
      const rotation = await storage.findOAuthArtifact('Rotation', secretHashOf(presented))
      if (rotation === undefined || rotation.expiresAt <= now()) return false
      const next = `${tokenMarkers.RefreshToken}${derive(presented, seedOf(rotation.payload), 'RefreshToken')}`
      const successor = await storage.findOAuthArtifact('RefreshToken', secretHashOf(next))
      return successor?.consumedAt === undefined
    },

    async rotate(presented) {
      const seed = await transact(storage, async (tx) => {
        const idHash = secretHashOf(presented)
        // The write comes first: of several that had read the row, and so locked it, none could write it.
        const isFirst = await tx.consumeOAuthArtifact('RefreshToken', idHash, wholeSeconds(now()))
        const token = await tx.findOAuthArtifact('RefreshToken', idHash)
        if (token === undefined) return undefined
        if (isFirst) {
          const payload = JSON.stringify({ seed: randomBytes(32).toString('base64url') })
          const expiresAt = wholeSeconds(new Date(now().getTime() + leewaySeconds * 1000))
          const { grantId } = token
          await tx.putOAuthArtifact({
            kind: 'Rotation',
            idHash,
            payload,
            expiresAt,
            ...(grantId !== undefined && { grantId }),
          })
          return seedOf(payload)
        }
        const rotation = await tx.findOAuthArtifact('Rotation', idHash)
        return rotation === undefined || rotation.expiresAt <= now() ? undefined : seedOf(rotation.payload)
      })
      const mine = current.getStore()
      if (seed === undefined || mine === undefined) return false
      Object.assign(mine, { presented, seed })
      return true
    },

    successor(kind) {
      const { presented, seed } = current.getStore() ?? {}
      return presented === undefined || seed === undefined ? undefined : derive(presented, seed, kind)
    },
  }
}

/** What tells people, and scanners for leaked secrets, what a token is. */
export const tokenMarkers = {
  AccessToken: 'cm_oauth_',
  RefreshToken: 'cm_refresh_',
  AuthorizationCode: 'cm_code_',
} as const

const derive = (presented: string, seed: string, kind: TokenKind): string =>
  createHmac('sha256', Buffer.from(seed, 'base64url'))
    .update(`${kind} after ${presented}`)
    .digest('base64url')

const seedOf = (payload: string): string => (JSON.parse(payload) as { readonly seed: string }).seed
