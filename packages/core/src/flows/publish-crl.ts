import { PkiError } from '../errors/pki-error.js'
import type { Actor } from '../ports/events.js'
import type { CaRecord, CrlRecord, CrlSummary } from '../ports/records.js'
import type { CrlPart } from '../ports/storage.js'
import { entriesOf, formatListScope, type ListScope } from '../rules/revocation/list-scope.js'
import { signCrl } from '../signing/sign-crl.js'
import { currentTime, type Deps } from '../steps/deps.js'
import { recordCrl } from '../steps/recording/record-crl.js'
import { reserveCrlNumber } from '../steps/recording/reserve-crl-number.js'
import type { SigningIdentity } from '../steps/stages.js'
import { listExtensions } from '../steps/tbs/list-extensions.js'
import { handOutCrl } from './hand-out-crl.js'

/**
 * Publishers that cross each time in a row, before the last one gives up. Sixteen that publish and revoke at once on a busy
 * machine have crossed five times.
 */
const maximumAttempts = 10

export interface Publication {
  readonly ca: CaRecord
  readonly scope: ListScope
  readonly identity: SigningIdentity
  readonly actor: Actor
}

/**
 * Make the next list of a scope (RFC 5280 §5). Its number is durable before the key is used, so that a number is never
 * on two lists; where another publisher has meanwhile recorded a list that knows more, this one is made anew.
 *
 * @throws {PkiError} what custody and storage throw; `storage_conflict`: other publishers won each time;
 *   `crl_not_published`: a delta CRL without a complete one to start from
 */
export async function publishCrl(publication: Publication, deps: Deps): Promise<CrlRecord> {
  const { ca, actor } = publication
  for (let attempt = 1; attempt <= maximumAttempts; attempt++) {
    const crl = await makeCrl(publication, deps)
    if (await recordCrl(crl, ca, actor, deps)) {
      await handOutCrl(crl, deps)
      return crl
    }
  }
  throw new PkiError(
    'storage_conflict',
    `Cannot publish CRL: other publishers of CA "${ca.name}" came first each time`,
    { constraint: 'crl_number' },
  )
}

async function makeCrl({ ca, scope, identity }: Publication, deps: Deps): Promise<CrlRecord> {
  const base = scope.kind === 'delta' ? await baseOf(ca, deps) : undefined
  const number = await reserveCrlNumber(ca.id, deps)
  const { revocationCount } = await deps.storage.crlState(ca.id, formatListScope(scope))
  const slabs = await readEntries(ca, entriesOf(scope, base?.revocationCount), deps)
  const issuer = deps.certificates.parse(ca.id, ca.certificateDer)
  const thisUpdate = currentTime(deps)
  const nextUpdate = new Date(thisUpdate.getTime() + validitySeconds(ca, scope, deps) * 1000)
  const extensions = listExtensions({ ca, issuer, scope, number, base: base?.number }, deps.settings)
  const list = { issuer: issuer.subject, thisUpdate, nextUpdate, extensions }
  const der = await signCrl(list, slabs, identity, deps)
  return {
    caId: ca.id,
    scope: formatListScope(scope),
    number,
    thisUpdate,
    nextUpdate,
    der,
    revocationCount,
    ...(base !== undefined && { baseNumber: base.number }),
  }
}

async function baseOf(ca: CaRecord, deps: Deps): Promise<CrlSummary> {
  const { latest } = await deps.storage.crlState(ca.id, formatListScope({ kind: 'complete' }))
  if (latest !== undefined) return latest
  const message = `Cannot publish delta CRL: CA "${ca.name}" has no complete CRL to start from`
  throw new PkiError('crl_not_published', message, { caId: ca.id })
}

function validitySeconds(ca: CaRecord, { kind }: ListScope, { settings }: Deps): number {
  const { validity } = settings.crlSchedule(ca)
  return kind === 'delta' ? (settings.crlDeltaValiditySeconds ?? validity) : validity
}

async function readEntries(ca: CaRecord, part: CrlPart, deps: Deps): Promise<readonly Uint8Array[]> {
  const slabs: Uint8Array[] = []
  for await (const slab of deps.storage.listCrlEntries(ca.id, part)) slabs.push(slab)
  return slabs
}
