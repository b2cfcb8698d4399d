import type { Deps } from '../deps.js'
import { transact } from './transact.js'

/** RFC 5280 §5.2.3: strictly increasing. Durable before the list is signed; a number that is lost is never reused. */
export const reserveCrlNumber = (caId: string, deps: Deps): Promise<number> =>
  transact(deps.storage, (tx) => tx.nextCrlNumber(caId))
