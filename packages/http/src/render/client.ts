import type { OAuthClientInfo } from '@certwright/core'
import type { z } from 'zod'
import type { deletedClientSchema } from '../schemas/client.js'

/** A confidential client: those that a credential sees have an owner and a workspace. */
export const renderClient = (client: OAuthClientInfo): z.output<typeof deletedClientSchema>['client'] => ({
  client_id: client.id,
  client_name: client.name,
  workspace_id: client.workspaceId ?? '',
  redirect_uris: [...client.redirectUris],
  created_at: client.createdAt.toISOString(),
  last_used_at: client.lastUsedAt?.toISOString() ?? null,
})
