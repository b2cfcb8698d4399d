import {
  type Authority,
  type CertificateInfo,
  createAuthority,
  createCertificateRequest,
  createName,
  isPkiError,
  operator,
  pemEncode,
  platformCrypto,
  type Principal,
  type Storage,
} from '@certwright/core'
import { crashAt } from '../../chaos/crash-at.js'
import { forgeKey } from '../../forge/keys/forge-key.js'
import { forgeTime } from '../../forge/fields/time-spec.js'
import { type ManualClock, manualClock } from '../../seeded/manual-clock.js'
import { seededCrypto } from '../../seeded/seeded-crypto.js'
import { seededCustody } from '../../seeded/seeded-custody.js'
import { seededRandom } from '../../seeded/seeded-random.js'
import type { Asker } from './model.js'

export const me = { principal: operator('histories') }

/** An authority over a store, which can die at any port call and begin anew, and what a history has made so far. */
export interface AuthorityWorld {
  readonly authority: Authority
  readonly clock: ManualClock
  readonly workspaceId: string
  readonly userId: string
  readonly caIds: string[]
  /** Of the CAs' own certificates. */
  readonly caSerials: string[]
  readonly certificates: CertificateInfo[]
  readonly keys: { readonly id: string; readonly secret: string }[]
  /** Another process over the same store and the same keys, which dies at its n-th port call. */
  readonly dying: (n: number) => Authority
}

/** @param storage empty */
export async function newAuthorityWorld(storage: Storage, seed = 'history'): Promise<AuthorityWorld> {
  const clock = manualClock(forgeTime)
  const custody = seededCustody(seed)
  const random = seededRandom(seed)
  const crypto = seededCrypto(seed)
  const authority = createAuthority({ storage, custody, clock, random, crypto })
  const workspace = await authority.createWorkspace({ name: 'Histories', plan: 'pro' }, me)
  const user = await authority.createUser({ email: 'histories@example.org' }, me)
  return {
    authority,
    clock,
    workspaceId: workspace.id,
    userId: user.id,
    caIds: [],
    caSerials: [],
    certificates: [],
    keys: [],
    dying: (n) => createAuthority({ ...crashAt({ storage, custody }, n, 'before'), clock, random, crypto }),
  }
}

/** @throws {PkiError} `invalid_credentials` */
export async function callerOf(
  { authority, keys }: AuthorityWorld,
  asker: Asker,
): Promise<{ readonly principal: Principal }> {
  if (asker === 'operator') return me
  return { principal: await authority.authenticate(keys[asker]?.secret ?? '') }
}

export type Outcome<T> = { readonly value: T } | { readonly code: string }

/** A refusal is an outcome; what is no refusal is a failure of the history. */
export async function outcomeOf<T>(attempt: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await attempt() }
  } catch (error) {
    if (isPkiError(error)) return { code: error.code }
    throw error
  }
}

let made: Promise<string> | undefined

/** One for all: what is asked for is not the key. */
export const csr = (): Promise<string> => (made ??= makeCsr())

async function makeCsr(): Promise<string> {
  const key = await platformCrypto.importSigningKey(forgeKey('histories', 'Ed25519').pkcs8Der.slice())
  const subject = createName({ commonName: 'db.example.org' })
  return pemEncode('CERTIFICATE REQUEST', await createCertificateRequest({ subject }, key))
}
