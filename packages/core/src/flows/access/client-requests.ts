import * as z from 'zod/mini'
import { displayName, parsePlainData, uuid } from '../../encoding/plain-data.js'
import { redirectUriFault } from '../../rules/permission/redirect-uri.js'
import { pageFields, type PageQuery } from '../../steps/pages.js'

export interface CreateOAuthClientRequest {
  readonly workspaceId: string
  /** Who owns it. */
  readonly userId: string
  /** 1 to 200 characters; the consent page shows it. */
  readonly name: string
  /** 1 to 20: https, a loopback address, or the scheme of an app. */
  readonly redirectUris: readonly string[]
}

export interface OAuthClientQuery extends PageQuery {
  readonly kind?: 'confidential' | 'public'
  readonly workspaceId?: string
  readonly userId?: string
}

/** Rotate its secret, or delete it. */
export interface OAuthClientRequest {
  readonly clientId: string
}

const maximumRedirectUris = 20

const redirectUri = z.string().check(
  z.superRefine((uri, ctx) => {
    const fault = redirectUriFault(uri)
    if (fault !== undefined) ctx.addIssue({ code: 'custom', message: `must ${fault}` })
  }),
)

const create = z.strictObject({
  workspaceId: uuid,
  userId: uuid,
  name: displayName,
  redirectUris: z.array(redirectUri).check(z.minLength(1), z.maxLength(maximumRedirectUris)),
}) as z.ZodMiniType<CreateOAuthClientRequest>

const query = z.strictObject({
  kind: z.optional(z.enum(['confidential', 'public'])),
  workspaceId: z.optional(uuid),
  userId: z.optional(uuid),
  ...pageFields,
}) as z.ZodMiniType<OAuthClientQuery>

const one = z.strictObject({
  clientId: z.string().check(z.minLength(1), z.maxLength(128)),
}) as z.ZodMiniType<OAuthClientRequest>

export const parseCreateOAuthClient = (input: unknown): CreateOAuthClientRequest =>
  parsePlainData(create, input, { action: 'Cannot create OAuth client' })

export const parseOAuthClientQuery = (input: unknown): OAuthClientQuery =>
  parsePlainData(query, input, { action: 'Cannot list OAuth clients' })

export const parseRotateOAuthClientSecret = (input: unknown): OAuthClientRequest =>
  parsePlainData(one, input, { action: 'Cannot rotate client secret' })

export const parseDeleteOAuthClient = (input: unknown): OAuthClientRequest =>
  parsePlainData(one, input, { action: 'Cannot delete OAuth client' })
