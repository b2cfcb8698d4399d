import type { CrlState } from '../../ports/storage.js'
import type { ListScope } from '../../rules/revocation/list-scope.js'
import type { Deps } from '../deps.js'

/**
 * How many entries of the status log came after a list, or 0 where none of them belongs to it: a revocation makes a CA with
 * 256 partitions sign one of them, and not all. Where one belongs to a partition, those of the others are counted too.
 */
export async function missingEntries(
  caId: string,
  scope: ListScope,
  { latest, revocationCount }: CrlState,
  deps: Deps,
): Promise<number> {
  const since = latest?.revocationCount ?? 0
  // More than there are means that the count was read before the list was made.
  const missing = Math.max(0, revocationCount - since)
  if (missing === 0 || latest === undefined || scope.kind !== 'partition') return missing
  const partition = { index: scope.index, count: scope.count }
  for await (const slab of deps.storage.listCrlEntries(caId, { since, partition })) {
    if (slab.length > 0) return missing
  }
  return 0
}
