import {
  type Authority,
  type Caller,
  createAuthority,
  type CreateAuthorityOptions,
  operator,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { onTestFinished } from 'vitest'
import { Artefacts } from './artefacts.js'
import { judge } from './judge.js'

/** An authority, and a clock that the test sets. */
export interface World {
  readonly authority: Authority
  /** The caller that may do everything. */
  readonly caller: Caller
  /** What the authority takes for the present. */
  now: Date
  chainOf(caId: string): readonly Uint8Array[]
}

/**
 * A world for the test that is running. When that is over, the law: all that was made in it stands before OpenSSL and
 * pkijs, whether the test had a question about it or not.
 */
export function createWorld(options: Pick<CreateAuthorityOptions, 'crl'> = {}): World {
  const artefacts = new Artefacts()
  onTestFinished(() => judge(artefacts))
  const world = {
    now: new Date('2026-06-01T12:00:00Z'),
    caller: { principal: operator('judges') },
    chainOf: (caId: string) => artefacts.chainOf(caId),
  }
  const authority = createAuthority({
    ...options,
    storage: artefacts.storage(memoryStorage()),
    // One guess at a passphrase is to be dear; a hundred tests are not.
    custody: artefacts.custody(memoryCustody({ scrypt: { N: 2 ** 10, r: 8, p: 1 } })),
    clock: { now: () => world.now },
    distribution: { baseUrl: 'http://pki.example.org' },
  })
  return Object.assign(world, { authority: artefacts.authority(authority, () => world.now) })
}
