import { PkiError } from '../errors/pki-error.js'
import type { Actor } from '../ports/events.js'
import type { CaRecord, CrlRecord } from '../ports/records.js'
import { signCrl } from '../signing/sign-crl.js'
import { currentTime, type Deps } from '../steps/deps.js'
import { recordCrl } from '../steps/recording/record-crl.js'
import { reserveCrlNumber } from '../steps/recording/reserve-crl-number.js'
import type { SigningIdentity } from '../steps/stages.js'
import { authorityKeyIdentifierOf } from '../steps/tbs/issuer-extensions.js'
import { createExtension } from '../x509/extension.js'
import { cRLNumber } from '../x509/extensions/crl-number.js'

/** Publishers that cross each time in a row, before the last one gives up. */
const maximumAttempts = 5

/**
 * Make the next full CRL of a CA (RFC 5280 §5). Its number is durable before the key is used, so that a number is never
 * on two lists; where another publisher has meanwhile recorded a list that knows more, this one is made anew.
 *
 * @throws {PkiError} what custody and storage throw; `storage_conflict`: other publishers won each time
 */
export async function publishCrl(
  ca: CaRecord,
  identity: SigningIdentity,
  actor: Actor,
  deps: Deps,
): Promise<CrlRecord> {
  for (let attempt = 1; attempt <= maximumAttempts; attempt++) {
    const crl = await makeCrl(ca, identity, deps)
    if (await recordCrl(crl, ca, actor, deps)) return crl
  }
  throw new PkiError(
    'storage_conflict',
    `Cannot publish CRL: other publishers of CA "${ca.name}" came first each time`,
    {
      constraint: 'crl_number',
    },
  )
}

async function makeCrl(ca: CaRecord, identity: SigningIdentity, deps: Deps): Promise<CrlRecord> {
  const number = await reserveCrlNumber(ca.id, deps)
  const { revocationCount } = await deps.storage.crlState(ca.id)
  const slabs = await readEntries(ca, deps)
  const issuer = deps.certificates.parse(ca.id, ca.certificateDer)
  const thisUpdate = currentTime(deps)
  const nextUpdate = new Date(thisUpdate.getTime() + deps.settings.crlValiditySeconds * 1000)
  const extensions = [
    authorityKeyIdentifierOf(issuer),
    createExtension(cRLNumber, BigInt(number), { critical: false }),
  ]
  const der = await signCrl(
    { issuer: issuer.subject, thisUpdate, nextUpdate, extensions },
    slabs,
    identity,
    deps,
  )
  return { caId: ca.id, number, thisUpdate, nextUpdate, der, revocationCount }
}

async function readEntries(ca: CaRecord, deps: Deps): Promise<readonly Uint8Array[]> {
  const slabs: Uint8Array[] = []
  for await (const slab of deps.storage.listCrlEntries(ca.id)) slabs.push(slab)
  return slabs
}
