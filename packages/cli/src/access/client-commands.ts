import type { OAuthClientInfo, OAuthClientQuery } from '@certwright/core'
import { CommandError } from '../command-error.js'
import { printable } from '../printable.js'
import { everyItem, listOf, type Subcommand, workspaceIdOf } from './with-authority.js'

/** The subcommands of `certwright clients`. */
export const clientCommands: Readonly<Record<string, Subcommand>> = {
  list: {
    flags: { workspace: 'string', kind: 'string' },
    async run(command) {
      const { authority, caller, flags } = command
      const workspace = flags.get('workspace')
      const kind = flags.get('kind')
      if (kind !== undefined && kind !== 'confidential' && kind !== 'public') {
        throw new CommandError('usage', `cannot clients list: --kind is confidential or public`)
      }
      const query: OAuthClientQuery = {
        ...(workspace !== undefined && { workspaceId: await workspaceIdOf(command, workspace) }),
        ...(kind !== undefined && { kind }),
      }
      const clients = await everyItem((page) => authority.listOAuthClients({ ...query, ...page }, caller))
      return { json: { clients }, lines: clients.length > 0 ? clients.map(clientLine) : ['no clients'] }
    },
  },

  create: {
    flags: { workspace: 'string', user: 'string', name: 'string', 'redirect-uris': 'string' },
    async run(command) {
      const { authority, caller, need } = command
      const created = await authority.createOAuthClient(
        {
          workspaceId: await workspaceIdOf(command, need('workspace')),
          userId: need('user'),
          name: need('name'),
          redirectUris: listOf(need('redirect-uris')),
        },
        caller,
      )
      return secretOf(created.client, created.secret)
    },
  },

  rotate: {
    argument: 'id of the client',
    flags: {},
    async run({ authority, caller, id }) {
      const { client, secret } = await authority.rotateOAuthClientSecret({ clientId: id }, caller)
      return secretOf(client, secret)
    },
  },

  delete: {
    argument: 'id of the client',
    flags: {},
    async run({ authority, caller, id }) {
      const { client, revokedGrants } = await authority.deleteOAuthClient({ clientId: id }, caller)
      return {
        json: { client, revokedGrants },
        lines: [clientLine(client), `deleted, and ${revokedGrants} grants with it`],
      }
    },
  },
}

const secretOf = (client: OAuthClientInfo, secret: string) => ({
  json: { client, secret },
  lines: [clientLine(client), secret, 'It is shown this once.'],
})

const clientLine = ({ id, kind, name, redirectUris }: OAuthClientInfo): string =>
  `${id}  ${kind}  ${printable(name)}  ${redirectUris.map(printable).join(' ')}`
