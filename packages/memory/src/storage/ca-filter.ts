import type { CaFilter, CaRecord } from '@certwright/core'
import type { Tables } from './tables.js'

/** What a filter lets through, oldest first; a scan of all CAs. */
export function selectCas(tables: Tables, filter: CaFilter): CaRecord[] {
  const ids = filter.caIds === undefined ? undefined : new Set(filter.caIds)
  const selected: CaRecord[] = []
  for (const ca of tables.cas.values()) {
    if (ids?.has(ca.id) !== false && matches(ca, filter)) selected.push(ca)
  }
  return selected.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
}

function matches(ca: CaRecord, filter: CaFilter): boolean {
  if (filter.workspaceId !== undefined && ca.workspaceId !== filter.workspaceId) return false
  if (filter.parentCaId !== undefined && ca.parentCaId !== filter.parentCaId) return false
  if (filter.type !== undefined && typeOf(ca) !== filter.type) return false
  return filter.includeRevoked === true || ca.revokedAt === undefined
}

/** An imported CA has no parent here and is an intermediate all the same, where its issuer is another. */
const typeOf = (ca: CaRecord): 'root' | 'intermediate' =>
  ca.parentCaId === undefined && ca.externalChainDer.length === 0 ? 'root' : 'intermediate'
