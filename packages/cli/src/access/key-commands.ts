import type { ApiKeyInfo, Rights } from '@certwright/core'
import { CommandError } from '../command-error.js'
import { printable } from '../printable.js'
import { utcTime } from '../utc-time.js'
import { everyItem, listOf, type Subcommand, workspaceIdOf } from './with-authority.js'

/** The subcommands of `certwright keys`. */
export const keyCommands: Readonly<Record<string, Subcommand>> = {
  list: {
    flags: { workspace: 'string', user: 'string', revoked: 'boolean' },
    async run(command) {
      const { authority, caller, flags } = command
      const workspace = flags.get('workspace')
      const userId = flags.get('user')
      const query = {
        ...(workspace !== undefined && { workspaceId: await workspaceIdOf(command, workspace) }),
        ...(userId !== undefined && { userId }),
        includeRevoked: flags.has('revoked'),
      }
      const keys = await everyItem((page) => authority.listApiKeys({ ...query, ...page }, caller))
      return {
        json: { apiKeys: keys.map(keyJson) },
        lines: keys.length > 0 ? keys.map(keyLine) : ['no keys'],
      }
    },
  },

  create: {
    flags: {
      workspace: 'string',
      user: 'string',
      name: 'string',
      cas: 'string',
      rights: 'string',
      expires: 'string',
    },
    async run(command) {
      const { authority, caller, flags, need } = command
      const caIds = listOf(need('cas'))
      const rights = flags.get('rights')
      const expires = flags.get('expires')
      const created = await authority.createApiKey(
        {
          workspaceId: await workspaceIdOf(command, need('workspace')),
          userId: need('user'),
          name: need('name'),
          ...(rights === undefined
            ? { caIds }
            : { grants: Object.fromEntries(caIds.map((caId) => [caId, rightsOf(rights)])) }),
          ...(expires !== undefined && { expiresAt: utcTime('keys create', expires) }),
        },
        caller,
      )
      return secretOf(created.apiKey, created.secret)
    },
  },

  rename: {
    argument: 'id of the key',
    flags: { name: 'string' },
    run: async ({ authority, caller, need, id }) =>
      changed(await authority.renameApiKey({ apiKeyId: id, name: need('name') }, caller)),
  },

  rotate: {
    argument: 'id of the key',
    flags: { overlap: 'string' },
    async run({ authority, caller, flags, id }) {
      const overlap = flags.get('overlap')
      const wish = { apiKeyId: id, ...(overlap !== undefined && { overlapSeconds: Number(overlap) }) }
      const rotated = await authority.rotateApiKey(wish, caller)
      return secretOf(rotated.apiKey, rotated.secret)
    },
  },

  expire: {
    argument: 'id of the key',
    flags: { at: 'string' },
    async run({ authority, caller, need, id }) {
      const at = need('at')
      const expiresAt = at === 'never' ? at : utcTime('keys expire', at)
      return changed(await authority.expireApiKey({ apiKeyId: id, expiresAt }, caller))
    },
  },

  revoke: {
    argument: 'id of the key',
    flags: {},
    run: async ({ authority, caller, id }) => changed(await authority.revokeApiKey({ apiKeyId: id }, caller)),
  },
}

function rightsOf(text: string): Rights {
  const asked = listOf(text)
  const unknown = asked.find((right) => !['read', 'issue', 'revoke'].includes(right))
  if (unknown !== undefined) {
    throw new CommandError('usage', `cannot keys create: "${unknown}" is no right; use read, issue or revoke`)
  }
  return {
    canRead: asked.includes('read'),
    canIssue: asked.includes('issue'),
    canRevoke: asked.includes('revoke'),
  }
}

const secretOf = (apiKey: ApiKeyInfo, secret: string) => ({
  json: { apiKey: keyJson(apiKey), secret },
  lines: [keyLine(apiKey), secret, 'It is shown this once.'],
})

const changed = (apiKey: ApiKeyInfo) => ({ json: { apiKey: keyJson(apiKey) }, lines: [keyLine(apiKey)] })

const keyJson = ({ grants, ...apiKey }: ApiKeyInfo) => ({ ...apiKey, grants: Object.fromEntries(grants) })

function keyLine({ id, prefix, name, grants, expiresAt, lastUsedAt, revokedAt }: ApiKeyInfo): string {
  const told = [
    `${grants.size} CA${grants.size === 1 ? '' : 's'}`,
    lastUsedAt === undefined ? 'not used yet' : `last used ${lastUsedAt.toISOString()}`,
    ...(expiresAt === undefined ? [] : [`expires ${expiresAt.toISOString()}`]),
    ...(revokedAt === undefined ? [] : [`revoked ${revokedAt.toISOString()}`]),
  ]
  return `${id}  ${prefix}…  ${printable(name)}  (${told.join(', ')})`
}
