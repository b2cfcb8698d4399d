import type { ListScope } from '../../rules/revocation/list-scope.js'
import type { Settings } from '../deps.js'

/** The lists that certificates point to now, a delta CRL behind the complete one that it starts from. */
export function listsInService({
  crlDeltaValiditySeconds,
  crlPartitions = 0,
}: Pick<Settings, 'crlDeltaValiditySeconds' | 'crlPartitions'>): readonly ListScope[] {
  const partitions = Array.from(
    { length: crlPartitions },
    (_, index): ListScope => ({ kind: 'partition', index, count: crlPartitions }),
  )
  const delta: readonly ListScope[] = crlDeltaValiditySeconds === undefined ? [] : [{ kind: 'delta' }]
  return [{ kind: 'complete' }, ...delta, ...partitions]
}
