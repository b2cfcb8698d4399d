import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord, CrlRecord, CrlSummary } from '../../ports/records.js'
import { caNotFound } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { signingIdentity } from '../../steps/issuer/find-issuer.js'
import { publishCrl } from '../publish-crl.js'

/** A CRL, as callers see it. */
export type CrlInfo = Pick<CrlRecord, 'der' | 'number' | 'thisUpdate' | 'nextUpdate'>

/** A new list is made when this part of the old one's life is over, so that caches never serve an expired one. */
const renewalShare = 0.5

/** Whoever publishes because somebody asked for the list. */
const publisher = { kind: 'operator', id: 'crl' } as const

/**
 * The CRL that relying parties get. A list that lacks a revocation or grows old is replaced on the way, once for all who
 * ask at the same time; a CA whose key is locked can only serve what it has.
 *
 * @throws {PkiError} `ca_not_found` | `crl_not_published`: the CA has a passphrase and has not published yet
 */
export async function currentCrl(caId: string, deps: Deps): Promise<CrlInfo> {
  const ca = await deps.storage.findCa(caId)
  if (ca === undefined) throw caNotFound(caId)
  const { revocationCount, latest } = await deps.storage.crlState(caId)
  const isCurrent =
    latest !== undefined && latest.revocationCount >= revocationCount && !growsOld(latest, deps)
  if (isCurrent || ca.hasPassphrase)
    return latest === undefined ? notPublished(ca) : theList(latest, ca, deps)
  return publishOnce(ca, revocationCount, deps)
}

/** Or one that is newer, which covers as much. */
async function theList({ number }: CrlSummary, ca: CaRecord, deps: Deps): Promise<CrlRecord> {
  const known = deps.crls.find(ca.id, number)
  if (known !== undefined) return known
  const crl = (await deps.storage.findLatestCrl(ca.id)) ?? notPublished(ca)
  deps.crls.keep(crl)
  return crl
}

function growsOld(crl: CrlSummary, deps: Deps): boolean {
  const age = currentTime(deps).getTime() - crl.thisUpdate.getTime()
  // A list from the future means that the clock was set back: it is served until time has caught up.
  return age >= (crl.nextUpdate.getTime() - crl.thisUpdate.getTime()) * renewalShare
}

/**
 * One publication at a time for each CA: a crowd of relying parties must not make a crowd of signatures. Whoever comes
 * while a list is being made that lacks a revocation which they have seen gets the next one.
 *
 * @param needed entries of the status log that the list must cover
 */
async function publishOnce(ca: CaRecord, needed: number, deps: Deps): Promise<CrlRecord> {
  const running = deps.publishing.get(ca.id)
  const joined = await running
  if (joined !== undefined && joined.revocationCount >= needed) return joined
  // A list that was begun since then knows all that we do.
  const next = deps.publishing.get(ca.id)
  if (next !== undefined && next !== running) return next
  return publishNext(ca, deps)
}

function publishNext(ca: CaRecord, deps: Deps): Promise<CrlRecord> {
  const { spkiDer } = deps.certificates.parse(ca.id, ca.certificateDer)
  const publication = publishCrl(ca, signingIdentity(ca, spkiDer, undefined), publisher, deps)
  deps.publishing.set(ca.id, publication)
  const forget = (): void => {
    if (deps.publishing.get(ca.id) === publication) deps.publishing.delete(ca.id)
  }
  publication.then(forget, forget)
  return publication
}

function notPublished(ca: CaRecord): never {
  throw new PkiError(
    'crl_not_published',
    `Cannot give CRL: CA "${ca.name}" is locked and has not published one yet`,
    {
      caId: ca.id,
    },
  )
}
