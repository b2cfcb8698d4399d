import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import type { Rights } from '../../ports/records.js'
import { pageFields, type PageQuery } from '../../steps/pages.js'
import { rightsByCa } from './access-requests.js'

/** What a member may do: everything, also on CAs to come, or what is said of each CA; nothing where it is empty. */
export type MemberRights = 'all' | Readonly<Record<string, Rights>>

export interface MemberRequest {
  readonly workspaceId: string
  readonly userId: string
  readonly rights: MemberRights
}

export interface RemoveMemberRequest {
  readonly workspaceId: string
  readonly userId: string
}

export interface MemberQuery extends PageQuery {
  readonly workspaceId?: string
  readonly userId?: string
}

const member = z.strictObject({
  workspaceId: uuid,
  userId: uuid,
  rights: z.union([z.literal('all'), rightsByCa], { error: 'must be "all" or rights by CA id' }),
}) as z.ZodMiniType<MemberRequest>

const remove = z.strictObject({ workspaceId: uuid, userId: uuid }) as z.ZodMiniType<RemoveMemberRequest>

const query = z.strictObject({
  workspaceId: z.optional(uuid),
  userId: z.optional(uuid),
  ...pageFields,
}) as z.ZodMiniType<MemberQuery>

export const parseAddMember = (input: unknown): MemberRequest =>
  parsePlainData(member, input, { action: 'Cannot add member' })

export const parseChangeMemberRights = (input: unknown): MemberRequest =>
  parsePlainData(member, input, { action: "Cannot change member's rights" })

export const parseRemoveMember = (input: unknown): RemoveMemberRequest =>
  parsePlainData(remove, input, { action: 'Cannot remove member' })

export const parseMemberQuery = (input: unknown): MemberQuery =>
  parsePlainData(query, input, { action: 'Cannot list members' })
