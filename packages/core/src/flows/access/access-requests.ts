import * as z from 'zod/mini'
import { displayName, parsePlainData, uuid } from '../../encoding/plain-data.js'
import type { Plan, Rights } from '../../ports/records.js'

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

export interface CreateApiKeyRequest {
  readonly workspaceId: string
  readonly userId: string
  /** 1 to 200 characters. */
  readonly name: string
  /** All three rights on each of these CAs. */
  readonly caIds?: readonly string[]
  /** Chosen rights by CA id: on the pro plan. */
  readonly grants?: Readonly<Record<string, Rights>>
  /** Absent: until it is revoked. */
  readonly expiresAt?: Date
}

const rights = z.strictObject({ canRead: z.boolean(), canIssue: z.boolean(), canRevoke: z.boolean() })
const slugForm = z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lowercase letters, digits and single hyphens')

const createWorkspace = z.strictObject({
  name: displayName,
  slug: z.optional(z.string().check(z.maxLength(63), slugForm)),
  plan: z.optional(z.enum(['free', 'pro'])),
}) as z.ZodMiniType<CreateWorkspaceRequest>

const createUser = z.strictObject({
  email: z.string().check(z.maxLength(254), z.email('must be an e-mail address')),
}) as z.ZodMiniType<CreateUserRequest>

const createApiKey = z.strictObject({
  workspaceId: uuid,
  userId: uuid,
  name: displayName,
  caIds: z.optional(z.array(uuid).check(z.maxLength(1000))),
  grants: z.optional(z.record(uuid, rights)),
  expiresAt: z.optional(z.date()),
}) as z.ZodMiniType<CreateApiKeyRequest>

export const parseCreateWorkspace = (input: unknown): CreateWorkspaceRequest =>
  parsePlainData(createWorkspace, input, { action: 'Cannot create workspace' })

export const parseCreateUser = (input: unknown): CreateUserRequest =>
  parsePlainData(createUser, input, { action: 'Cannot create user' })

export const parseCreateApiKey = (input: unknown): CreateApiKeyRequest =>
  parsePlainData(createApiKey, input, { action: 'Cannot create API key' })
