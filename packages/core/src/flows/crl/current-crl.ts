import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord, CrlRecord, CrlSummary } from '../../ports/records.js'
import { formatListScope, type ListScope, parseListScope } from '../../rules/revocation/list-scope.js'
import { caNotFound } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { signingIdentity } from '../../steps/issuer/find-issuer.js'
import { type ListNeed, listNeed } from '../../steps/lists/list-need.js'
import { publishCrl } from '../publish-crl.js'

/** A CRL, as callers see it. */
export type CrlInfo = Pick<CrlRecord, 'der' | 'scope' | 'number' | 'thisUpdate' | 'nextUpdate'>

/** Whoever publishes because somebody asked for the list. */
const publisher = { kind: 'operator', id: 'crl' } as const

/**
 * The list that relying parties get. One that lacks a revocation or grows old is replaced on the way, once for all who
 * ask at the same time; a CA whose key is locked can only serve what it has.
 *
 * @param scope `complete`, `delta`, or a partition as `3-of-16`
 * @throws {PkiError} `ca_not_found` | `crl_not_published`: there is no such list, or the CA has a passphrase and has not
 *   published yet
 */
export async function currentCrl(caId: string, scope: string, deps: Deps): Promise<CrlInfo> {
  const ca = await deps.storage.findCa(caId)
  if (ca === undefined) throw caNotFound(caId)
  const parsed = parseListScope(scope)
  if (parsed === undefined || !isOffered(parsed, deps)) throw noSuchList(ca)
  return currentList(ca, parsed, deps)
}

/** A partition has to say where it is published. */
function isOffered({ kind }: ListScope, { settings }: Deps): boolean {
  if (kind === 'delta') return settings.crlDeltaValiditySeconds !== undefined
  return kind === 'complete' || settings.distributionUrl !== undefined
}

async function currentList(ca: CaRecord, scope: ListScope, deps: Deps): Promise<CrlRecord> {
  // What a delta CRL starts from has to be there, and in date, before it.
  if (scope.kind === 'delta') await currentList(ca, { kind: 'complete' }, deps)
  const need = await listNeed(ca, scope, deps)
  if (need.isMet || ca.hasPassphrase) return theList(need.latest ?? notPublished(ca), deps)
  return publishOnce(ca, scope, need, deps)
}

/** Or one that is newer, which covers as much. */
async function theList(latest: CrlSummary, deps: Deps): Promise<CrlRecord> {
  const known = deps.crls.find(latest)
  if (known !== undefined) return known
  const crl = await deps.storage.findLatestCrl(latest.caId, latest.scope)
  if (crl === undefined) throw new RangeError(`findLatestCrl: list ${latest.number} has gone`)
  deps.crls.keep(crl)
  return crl
}

/**
 * One publication at a time for each list: a crowd of relying parties must not make a crowd of signatures. Whoever comes
 * while a list is being made that lacks a revocation which they have seen gets the next one.
 */
async function publishOnce(ca: CaRecord, scope: ListScope, need: ListNeed, deps: Deps): Promise<CrlRecord> {
  const key = `${ca.id} ${formatListScope(scope)}`
  const running = deps.publishing.get(key)
  const joined = await running
  if (joined !== undefined && joined.revocationCount >= need.revocationCount) return joined
  // A list that was begun since then knows all that we do.
  const next = deps.publishing.get(key)
  if (next !== undefined && next !== running) return next
  return publishNext(ca, scope, key, deps)
}

function publishNext(ca: CaRecord, scope: ListScope, key: string, deps: Deps): Promise<CrlRecord> {
  const { spkiDer } = deps.certificates.parse(ca.id, ca.certificateDer)
  const identity = signingIdentity(ca, spkiDer, undefined)
  const publication = publishCrl({ ca, scope, identity, actor: publisher }, deps)
  deps.publishing.set(key, publication)
  const forget = (): void => {
    if (deps.publishing.get(key) === publication) deps.publishing.delete(key)
  }
  publication.then(forget, forget)
  return publication
}

function notPublished(ca: CaRecord): never {
  throw new PkiError(
    'crl_not_published',
    `Cannot give CRL: CA "${ca.name}" is locked and has not published one yet`,
    { caId: ca.id },
  )
}

function noSuchList(ca: CaRecord): PkiError<'crl_not_published'> {
  const message = `Cannot give CRL: CA "${ca.name}" has no such list`
  return new PkiError('crl_not_published', message, { caId: ca.id })
}
