import { keyCommands } from '../access/key-commands.js'
import { runAccessCommand } from '../access/with-authority.js'
import { usage } from '../usage.js'

/** `certwright keys`: the API keys of a store. */
export const keys = (args: readonly string[]): Promise<number> =>
  runAccessCommand('keys', keyCommands, usage.keys, args)
