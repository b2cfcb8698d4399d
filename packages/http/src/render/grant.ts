import type { GrantInfo } from '@certwright/core'
import type { z } from 'zod'
import type { revokedGrantSchema } from '../schemas/grant.js'

export const renderGrant = (grant: GrantInfo): z.output<typeof revokedGrantSchema>['grant'] => ({
  id: grant.id,
  client_id: grant.clientId,
  client_name: grant.clientName ?? null,
  workspace_id: grant.workspaceId,
  permissions: Object.fromEntries(
    Object.entries(grant.rights).map(([caId, { canRead, canIssue, canRevoke }]) => [
      caId,
      { canRead, canIssue, canRevoke },
    ]),
  ),
  created_at: grant.createdAt.toISOString(),
  expires_at: grant.expiresAt?.toISOString() ?? null,
  revoked_at: grant.revokedAt?.toISOString() ?? null,
})
