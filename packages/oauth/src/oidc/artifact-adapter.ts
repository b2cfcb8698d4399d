import { type OAuthArtifact, secretHashOf } from '@certwright/core'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { transact } from '../records/transact.js'
import { wholeSeconds } from '../records/whole-seconds.js'
import type { AdapterParts } from './adapter-parts.js'

type KeptKind = 'AccessToken' | 'AuthorizationCode' | 'RefreshToken' | 'Interaction'

/**
 * Tokens, codes and pending authorizations. The library names each by what the client holds; here the name is its hash,
 * and the payload is kept without it.
 */
export function artifactAdapter(kind: KeptKind, parts: AdapterParts): Adapter {
  const { storage, now, rotations } = parts
  const isPast = (time: Date): boolean => time <= now()

  return {
    // What is kept here always expires: see the lifetimes in configuration.ts.
    async upsert(id, payload, expiresIn = 0) {
      const { grantId } = payload
      const artifact: OAuthArtifact = {
        kind,
        idHash: secretHashOf(id),
        payload: JSON.stringify(kept(payload)),
        expiresAt: wholeSeconds(new Date(now().getTime() + expiresIn * 1000)),
        ...(grantId !== undefined && { grantId }),
      }
      await transact(storage, (tx) => tx.putOAuthArtifact(artifact))
    },

    async find(id) {
      const artifact = await storage.findOAuthArtifact(kind, secretHashOf(id))
      if (artifact === undefined || isPast(artifact.expiresAt)) return undefined
      const payload = { ...(JSON.parse(artifact.payload) as AdapterPayload), jti: id }
      if (kind === 'Interaction') return { ...payload, returnTo: parts.resumeUrl(id) }
      const { consumedAt } = artifact
      if (consumedAt === undefined || (kind === 'RefreshToken' && (await rotations.mayRepeat(id)))) {
        return payload
      }
      return { ...payload, consumed: Math.floor(consumedAt.getTime() / 1000) }
    },

    /** Compare-and-set: of many who read that it is unused, one goes on. A code has no leeway, it travels once. */
    async consume(id) {
      const isMine =
        kind === 'RefreshToken'
          ? await rotations.rotate(id)
          : await transact(storage, (tx) =>
              tx.consumeOAuthArtifact(kind, secretHashOf(id), wholeSeconds(now())),
            )
      if (!isMine) throw parts.alreadyUsed()
    },

    async destroy(id) {
      await transact(storage, (tx) => tx.deleteOAuthArtifact(kind, secretHashOf(id)))
    },

    /** The library asks for one kind after the other; what one grant had goes at once. */
    async revokeByGrantId(grantId) {
      await transact(storage, (tx) => tx.deleteOAuthArtifactsOfGrant(grantId))
    },

    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  }
}

/** Without what the client holds: its name, and the URL that has the name in it. */
function kept({ jti: _name, returnTo: _url, ...payload }: AdapterPayload): object {
  return payload
}
