import type { ApiKeyFilter, CaFilter, CertificateFilter, OAuthGrantFilter } from '@certwright/core'
import { filterColumns } from '@certwright/sql'
import type { Value } from './connection.js'

/** A WHERE clause and its parameters. */
export interface Condition {
  readonly sql: string
  readonly values: readonly Value[]
}

type Part = readonly [sql: string, ...values: Value[]]

function allOf(parts: readonly Part[]): Condition {
  const sql = parts.length === 0 ? 'TRUE' : parts.map(([part]) => `(${part})`).join(' AND ')
  return { sql, values: parts.flatMap(([, ...values]) => values) }
}

/** A list as one parameter: the text of the statement stays the same for lists of any length. */
const isAmong = (column: string, ids: readonly string[]): Part => [
  `${column} IN (SELECT value FROM json_each(?))`,
  JSON.stringify(ids),
]

export function caCondition(filter: CaFilter): Condition {
  const parts: Part[] = []
  if (filter.workspaceId !== undefined) parts.push(['workspace_id = ?', filter.workspaceId])
  if (filter.caIds !== undefined) parts.push(isAmong('id', filter.caIds))
  if (filter.parentCaId !== undefined) parts.push(['parent_ca_id = ?', filter.parentCaId])
  // An imported CA has no parent here and is an intermediate all the same, where its issuer is another.
  if (filter.type === 'root') parts.push([`parent_ca_id IS NULL AND external_chain = '[]'`])
  if (filter.type === 'intermediate') parts.push([`parent_ca_id IS NOT NULL OR external_chain <> '[]'`])
  if (filter.includeRevoked !== true) parts.push(['revoked_at IS NULL'])
  return allOf(parts)
}

export function certificateCondition(filter: CertificateFilter): Condition {
  const parts: Part[] = []
  // RFC 5280 §4.1.2.5: a certificate is valid through notAfter, inclusive.
  const now = Math.floor(filter.now.getTime() / 1000)
  if (filter.workspaceId !== undefined) parts.push(['workspace_id = ?', filter.workspaceId])
  if (filter.caIds !== undefined) parts.push(isAmong(hasFew(filter) ? '+ca_id' : 'ca_id', filter.caIds))
  if (filter.status === 'revoked') parts.push(['revoked_at IS NOT NULL'])
  if (filter.status === 'active') parts.push(['revoked_at IS NULL AND not_after >= ?', now])
  if (filter.spkiHash !== undefined) parts.push(['spki_hash = ?', filter.spkiHash])
  if (filter.renewedFrom !== undefined) parts.push(['renewed_from = ?', filter.renewedFrom])
  // Not LIKE, which has wildcards: every character stands for itself.
  if (filter.search !== undefined)
    parts.push(['instr(common_name_folded, ?) > 0', filter.search.toLowerCase()])
  if (filter.createdFrom !== undefined) parts.push(['created_at >= ?', filter.createdFrom.getTime() / 1000])
  if (filter.createdTo !== undefined) parts.push(['created_at <= ?', filter.createdTo.getTime() / 1000])
  if (filter.expiringBefore !== undefined) {
    parts.push(['not_after >= ? AND not_after <= ?', now, filter.expiringBefore.getTime() / 1000])
  }
  return allOf(parts)
}

/**
 * What is revoked, or ends soon, is found by the index of these: with a plus, SQLite does not take the one of the CAs, which it
 * would hold for the better one.
 */
const hasFew = ({ status, expiringBefore }: CertificateFilter): boolean =>
  status === 'revoked' || expiringBefore !== undefined

/** Each field that the filter has is as it says. */
export const equalCondition = (filter: OAuthGrantFilter & { readonly kind?: string }): Condition =>
  allOf(filterColumns(filter).map(([column, value]): Part => [`${column} = ?`, value]))

export function apiKeyCondition({ includeRevoked, ...filter }: ApiKeyFilter): Condition {
  const { sql, values } = equalCondition(filter)
  return includeRevoked === true ? { sql, values } : { sql: `${sql} AND revoked_at IS NULL`, values }
}
