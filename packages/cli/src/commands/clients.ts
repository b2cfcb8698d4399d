import { clientCommands } from '../access/client-commands.js'
import { runAccessCommand } from '../access/with-authority.js'
import { usage } from '../usage.js'

/** `certwright clients`: the OAuth clients of a store. */
export const clients = (args: readonly string[]): Promise<number> =>
  runAccessCommand('clients', clientCommands, usage.clients, args)
