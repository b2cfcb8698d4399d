import type { ApiKeyFilter, CaFilter, CertificateFilter, OAuthGrantFilter } from '@certwright/core'
import { filterColumns } from '@certwright/sql'

/** A WHERE clause and its parameters, numbered from `$1`. */
export interface Condition {
  readonly sql: string
  readonly values: readonly unknown[]
}

class Conditions {
  readonly #parts: string[] = []
  readonly #values: unknown[] = []

  /** `?` stands for the values, in their order. */
  add(part: string, ...values: readonly unknown[]): void {
    let taken = 0
    this.#parts.push(`(${part.replace(/\?/g, () => `$${this.#values.length + ++taken}`)})`)
    this.#values.push(...values)
  }

  get condition(): Condition {
    const sql = this.#parts.length === 0 ? 'TRUE' : this.#parts.join(' AND ')
    return { sql, values: this.#values }
  }
}

export function caCondition(filter: CaFilter): Condition {
  const conditions = new Conditions()
  if (filter.workspaceId !== undefined) conditions.add('workspace_id = ?', filter.workspaceId)
  if (filter.caIds !== undefined) conditions.add('id = ANY(?)', filter.caIds)
  if (filter.parentCaId !== undefined) conditions.add('parent_ca_id = ?', filter.parentCaId)
  // An imported CA has no parent here and is an intermediate all the same, where its issuer is another.
  if (filter.type === 'root') conditions.add(`parent_ca_id IS NULL AND external_chain = '[]'`)
  if (filter.type === 'intermediate') conditions.add(`parent_ca_id IS NOT NULL OR external_chain <> '[]'`)
  if (filter.includeRevoked !== true) conditions.add('revoked_at IS NULL')
  return conditions.condition
}

export function certificateCondition(filter: CertificateFilter): Condition {
  const conditions = new Conditions()
  // RFC 5280 §4.1.2.5: a certificate is valid through notAfter, inclusive.
  const now = Math.floor(filter.now.getTime() / 1000)
  if (filter.workspaceId !== undefined) conditions.add('workspace_id = ?', filter.workspaceId)
  if (filter.caIds !== undefined) conditions.add('ca_id = ANY(?)', filter.caIds)
  if (filter.status === 'revoked') conditions.add('revoked_at IS NOT NULL')
  if (filter.status === 'active') conditions.add('revoked_at IS NULL AND not_after >= ?', now)
  if (filter.spkiHash !== undefined) conditions.add('spki_hash = ?', filter.spkiHash)
  if (filter.renewedFrom !== undefined) conditions.add('renewed_from = ?', filter.renewedFrom)
  // Not LIKE, which has wildcards: every character stands for itself.
  if (filter.search !== undefined) {
    // Postgres keeps no NUL in a text, and refuses one that is looked for.
    if (filter.search.includes('\0')) conditions.add('FALSE')
    else conditions.add('position(? IN common_name_folded) > 0', filter.search.toLowerCase())
  }
  if (filter.createdFrom !== undefined) conditions.add('created_at >= ?', secondsFrom(filter.createdFrom))
  if (filter.createdTo !== undefined) conditions.add('created_at <= ?', secondsTo(filter.createdTo))
  if (filter.expiringBefore !== undefined) {
    conditions.add('not_after >= ? AND not_after <= ?', now, secondsTo(filter.expiringBefore))
  }
  return conditions.condition
}

/** Each field that the filter has is as it says. */
export function equalCondition(filter: OAuthGrantFilter & { readonly kind?: string }): Condition {
  const conditions = new Conditions()
  for (const [column, value] of filterColumns(filter)) conditions.add(`${column} = ?`, value)
  return conditions.condition
}

export function apiKeyCondition({ includeRevoked, ...filter }: ApiKeyFilter): Condition {
  const { sql, values } = equalCondition(filter)
  return includeRevoked === true ? { sql, values } : { sql: `${sql} AND revoked_at IS NULL`, values }
}

const secondsFrom = (time: Date): number => Math.ceil(time.getTime() / 1000)
const secondsTo = (time: Date): number => Math.floor(time.getTime() / 1000)
