import { parseCertificate, type Storage } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { benchIssuer } from '../bench-issuer.js'
import type { Contender } from '../measure.js'

/** Of one call to `issueMany`: its maximum. */
export const batch = 1000

/** Of the operations of a round: an INSERT takes less than a tenth of the time. */
export const portion = 0.25

/** Callers in one process, and connections that they share. */
export const callers = 16

/** The contenders over one storage, and a certificate as they issue it. */
export interface Issuing {
  readonly one: Contender['run']
  readonly many: Contender['run']
  readonly certificateDer: Uint8Array
}

/** @param csrs are taken in turn */
export async function issuing(storage: Storage, csrs: readonly string[]): Promise<Issuing> {
  const issuer = await benchIssuer({ storage, custody: memoryCustody() })
  let taken = 0
  const next = () => csrs[taken++ % csrs.length] ?? ''
  const example = await issuer.issue(next())
  return {
    one: (count) => concurrently(count, () => issuer.issue(next())),
    async many(count) {
      for (let done = 0; done < count; done += batch) {
        await issuer.issueMany(Array.from({ length: Math.min(batch, count - done) }, next))
      }
    },
    certificateDer: parseCertificate(example).der,
  }
}

/** `count` times, with as many under way at any time as there are callers. */
export async function concurrently(count: number, once: () => Promise<unknown>): Promise<void> {
  let left = count
  const caller = async (): Promise<void> => {
    while (left-- > 0) await once()
  }
  await Promise.all(Array.from({ length: callers }, caller))
}
