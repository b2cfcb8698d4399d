import type { TokenAccess } from '@certwright/core'
import { membershipOf, oauthArtifactOf, oauthClientOf, oauthGrantOf } from './access-records.js'
import type { Row } from './row.js'

/* An access token, its grant, client and membership as one row of a join of `t`, `g`, `c` and `m`. */

const columnsOf = {
  t: ['kind', 'id_hash', 'grant_id', 'uid', 'payload', 'consumed_at', 'expires_at'],
  g: ['id', 'client_id', 'workspace_id', 'user_id', 'rights', 'created_at', 'expires_at', 'revoked_at'],
  c: [
    'id',
    'kind',
    'workspace_id',
    'user_id',
    'name',
    'redirect_uris',
    'secret_hash',
    'metadata',
    'created_at',
    'last_used_at',
  ],
  m: ['workspace_id', 'user_id', 'rights', 'created_at'],
} as const

type Alias = keyof typeof columnsOf

/** What to select: each column under its alias, so that those of one name stay apart. */
export const tokenAccessColumns = Object.entries(columnsOf)
  .flatMap(([alias, columns]) => columns.map((column) => `${alias}.${column} AS ${alias}_${column}`))
  .join(', ')

export const tokenAccessOf = (row: Row): TokenAccess => ({
  token: oauthArtifactOf(partOf(row, 't')),
  grant: oauthGrantOf(partOf(row, 'g')),
  client: oauthClientOf(partOf(row, 'c')),
  membership: membershipOf(partOf(row, 'm')),
})

const partOf = (row: Row, alias: Alias): Row =>
  Object.fromEntries(columnsOf[alias].map((column) => [column, row[`${alias}_${column}`]]))
