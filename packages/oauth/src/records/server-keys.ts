import { hkdfSync, randomBytes } from 'node:crypto'
import { secretHashOf, type Storage } from '@certwright/core'
import { transact } from './transact.js'

/** Each key has one use (NIST SP 800-57 part 1 §5.2), derived from the one secret that is kept. */
export interface ServerKeys {
  /** Signs the cookies that tie a pending authorization to its browser. */
  readonly cookie: string
  /** Signs the forms of the consent page. */
  readonly form: Uint8Array
}

/** There is one record of this kind in a store, and this is its name. */
const recordName = secretHashOf('server keys')

/** It never expires: RFC 5280 §4.1.2.5 has the same last moment for certificates. */
const endOfTime = new Date('9999-12-31T23:59:59Z')

/**
 * The secret of this store, made by the first process that asks, and the same in all of them: a form that one has shown
 * is posted to another. Who reads the store can forge a form or a cookie, and needs a signed-in browser for either to be
 * of use.
 */
export async function findOrCreateServerKeys(storage: Storage): Promise<ServerKeys> {
  const secret = await transact(storage, async (tx) => {
    const kept = await tx.findOAuthArtifact('ServerKeys', recordName)
    if (kept !== undefined) return kept.payload
    const payload = JSON.stringify({ secret: randomBytes(32).toString('base64url') })
    await tx.putOAuthArtifact({ kind: 'ServerKeys', idHash: recordName, payload, expiresAt: endOfTime })
    return payload
  })
  const { secret: text } = JSON.parse(secret) as { readonly secret: string }
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', Buffer.from(text, 'base64url'), '', `certwright oauth ${use}`, 32))
  return { cookie: derive('cookies').toString('base64url'), form: derive('consent forms') }
}
