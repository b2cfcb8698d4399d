import { type Authority, operator } from '@certwright/core'
import { warn } from '../say.js'

/**
 * What an earlier process has left open when it was killed. Nothing is done about it but telling: perhaps there is a
 * signature, perhaps there is none, and only people can know who might have it.
 */
export async function reportOpenIssuances(authority: Authority): Promise<void> {
  const caller = { principal: operator('certwright serve') }
  const { unresolved } = await authority.recoverIssuances({}, caller)
  if (unresolved.length === 0) return
  warn(
    `${unresolved.length} ${unresolved.length === 1 ? 'issuance was' : 'issuances were'} cut short by a crash, perhaps between signature and record; "certwright doctor" lists the serial numbers, which can be revoked`,
  )
}
