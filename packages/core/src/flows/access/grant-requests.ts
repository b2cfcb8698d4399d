import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import type { Rights } from '../../ports/records.js'
import { pageFields, type PageQuery } from '../../steps/pages.js'
import { rightsByCa } from './access-requests.js'

export interface GrantAccessRequest {
  /** Of the new grant, where the authorization server has one already: 1 to 128 characters. Absent: a UUID. */
  readonly grantId?: string
  readonly clientId: string
  readonly workspaceId: string
  readonly userId: string
  /** By CA id; CAs without a right are left out. */
  readonly rights: Readonly<Record<string, Rights>>
  /** Absent: until it is revoked. */
  readonly expiresAt?: Date
}

export interface GrantQuery extends PageQuery {
  readonly clientId?: string
  readonly workspaceId?: string
  readonly userId?: string
}

export interface RevokeGrantRequest {
  readonly grantId: string
}

export interface GrantableQuery {
  readonly userId: string
}

/** Ids of clients and grants, which the authorization server may choose. */
const id = z
  .string()
  .check(z.regex(/^[A-Za-z0-9._~-]{1,128}$/, 'must be 1 to 128 letters, digits or . _ ~ -'))

const grantAccess = z.strictObject({
  grantId: z.optional(id),
  clientId: id,
  workspaceId: uuid,
  userId: uuid,
  rights: rightsByCa,
  expiresAt: z.optional(z.date()),
}) as z.ZodMiniType<GrantAccessRequest>

const query = z.strictObject({
  clientId: z.optional(id),
  workspaceId: z.optional(uuid),
  userId: z.optional(uuid),
  ...pageFields,
}) as z.ZodMiniType<GrantQuery>

const revoke = z.strictObject({ grantId: id }) as z.ZodMiniType<RevokeGrantRequest>

const grantable = z.strictObject({ userId: uuid }) as z.ZodMiniType<GrantableQuery>

export const parseGrantAccess = (input: unknown): GrantAccessRequest =>
  parsePlainData(grantAccess, input, { action: 'Cannot grant access' })

export const parseGrantQuery = (input: unknown): GrantQuery =>
  parsePlainData(query, input, { action: 'Cannot list grants' })

export const parseRevokeGrant = (input: unknown): RevokeGrantRequest =>
  parsePlainData(revoke, input, { action: 'Cannot revoke grant' })

export const parseGrantable = (input: unknown): GrantableQuery =>
  parsePlainData(grantable, input, { action: 'Cannot list what may be granted' })
