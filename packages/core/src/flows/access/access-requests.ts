import * as z from 'zod/mini'
import { displayName, parsePlainData, uuid } from '../../encoding/plain-data.js'
import type { Plan } from '../../ports/records.js'

export interface CreateWorkspaceRequest {
  /** 1 to 200 characters. */
  readonly name: string
  /** Lowercase letters, digits and hyphens, unique; made of the name where absent. */
  readonly slug?: string
  /** `free` where absent. */
  readonly plan?: Plan
}

export interface CreateUserRequest {
  /** Unique, compared without case. */
  readonly email: string
}

/** CAs that one request may name. */
export const maximumCas = 1000

export const rights = z.strictObject({
  canRead: z.boolean(),
  canIssue: z.boolean(),
  canRevoke: z.boolean(),
})
/** By CA id: more than a workspace of any size that is known has CAs. */
export const rightsByCa = z
  .record(uuid, rights)
  .check(
    z.refine((byCa) => Object.keys(byCa).length <= maximumCas, `must have at most ${maximumCas} entries`),
  )
const slugForm = z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lowercase letters, digits and single hyphens')

const createWorkspace = z.strictObject({
  name: displayName,
  slug: z.optional(z.string().check(z.maxLength(63), slugForm)),
  plan: z.optional(z.enum(['free', 'pro'])),
}) as z.ZodMiniType<CreateWorkspaceRequest>

const createUser = z.strictObject({
  email: z.string().check(z.maxLength(254), z.email('must be an e-mail address')),
}) as z.ZodMiniType<CreateUserRequest>

export const parseCreateWorkspace = (input: unknown): CreateWorkspaceRequest =>
  parsePlainData(createWorkspace, input, { action: 'Cannot create workspace' })

export const parseCreateUser = (input: unknown): CreateUserRequest =>
  parsePlainData(createUser, input, { action: 'Cannot create user' })
