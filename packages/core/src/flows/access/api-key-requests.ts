import * as z from 'zod/mini'
import { displayName, parsePlainData, uuid } from '../../encoding/plain-data.js'
import type { Rights } from '../../ports/records.js'
import { pageFields, type PageQuery } from '../../steps/pages.js'
import { maximumCas, rightsByCa } from './access-requests.js'

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

export interface ApiKeyQuery extends PageQuery {
  readonly workspaceId?: string
  readonly userId?: string
  /** Default: false. */
  readonly includeRevoked?: boolean
}

export interface RenameApiKeyRequest {
  readonly apiKeyId: string
  /** 1 to 200 characters. */
  readonly name: string
}

export interface RotateApiKeyRequest {
  readonly apiKeyId: string
  /** How long the secret before goes on to work: 0, the default, to 604,800. */
  readonly overlapSeconds?: number
}

export interface ExpireApiKeyRequest {
  readonly apiKeyId: string
  /** A time that is past ends the key now, and one that is to come may make an expired key work again. */
  readonly expiresAt: Date | 'never'
}

export interface RevokeApiKeyRequest {
  readonly apiKeyId: string
}

/** A week: who deploys a secret by hand needs days, and a longer overlap is a second key. */
const longestOverlapSeconds = 7 * 86_400

const create = z.strictObject({
  workspaceId: uuid,
  userId: uuid,
  name: displayName,
  caIds: z.optional(z.array(uuid).check(z.maxLength(maximumCas))),
  grants: z.optional(rightsByCa),
  expiresAt: z.optional(z.date()),
}) as z.ZodMiniType<CreateApiKeyRequest>

const query = z.strictObject({
  workspaceId: z.optional(uuid),
  userId: z.optional(uuid),
  includeRevoked: z.optional(z.boolean()),
  ...pageFields,
}) as z.ZodMiniType<ApiKeyQuery>

const rename = z.strictObject({ apiKeyId: uuid, name: displayName }) as z.ZodMiniType<RenameApiKeyRequest>

const rotate = z.strictObject({
  apiKeyId: uuid,
  overlapSeconds: z.optional(z.int().check(z.gte(0), z.lte(longestOverlapSeconds))),
}) as z.ZodMiniType<RotateApiKeyRequest>

const expire = z.strictObject({
  apiKeyId: uuid,
  expiresAt: z.union([z.date(), z.literal('never')], { error: 'must be a Date or "never"' }),
}) as z.ZodMiniType<ExpireApiKeyRequest>

const revoke = z.strictObject({ apiKeyId: uuid }) as z.ZodMiniType<RevokeApiKeyRequest>

export const parseCreateApiKey = (input: unknown): CreateApiKeyRequest =>
  parsePlainData(create, input, { action: 'Cannot create API key' })

export const parseApiKeyQuery = (input: unknown): ApiKeyQuery =>
  parsePlainData(query, input, { action: 'Cannot list API keys' })

export const parseRenameApiKey = (input: unknown): RenameApiKeyRequest =>
  parsePlainData(rename, input, { action: 'Cannot rename API key' })

export const parseRotateApiKey = (input: unknown): RotateApiKeyRequest =>
  parsePlainData(rotate, input, { action: 'Cannot rotate API key' })

export const parseExpireApiKey = (input: unknown): ExpireApiKeyRequest =>
  parsePlainData(expire, input, { action: 'Cannot set end of API key' })

export const parseRevokeApiKey = (input: unknown): RevokeApiKeyRequest =>
  parsePlainData(revoke, input, { action: 'Cannot revoke API key' })
