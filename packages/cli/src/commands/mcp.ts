import { createAuthority } from '@certwright/core'
import { serveStdio } from '@certwright/mcp'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { warn } from '../say.js'
import { apiKeyFile, readApiKey } from '../serve/api-key-file.js'
import { readPublicUrl } from '../serve/public-url.js'
import { stopSignal } from '../serve/stop.js'
import { warnOfFailure } from '../store/background-failure.js'
import { explainFault } from '../store/faults.js'
import { openCustody } from '../store/open-custody.js'
import { openExistingStore } from '../store/open-store.js'
import { placeFlags, type StorePlace, storePlace } from '../store/place.js'
import { usage } from '../usage.js'

const flagTypes = {
  ...placeFlags,
  'key-file': 'string',
  'public-url': 'string',
  'allow-private-keys': 'boolean',
} as const

/** An argument would be in the list of processes, where everybody may read it. */
const apiKeyVariable = 'CERTWRIGHT_API_KEY'

/** `certwright mcp`: ends when the agent closes its end, or when it is told to by SIGINT or SIGTERM. */
export async function mcp(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('mcp', args, flagTypes)
  if (flags.has('help')) {
    process.stdout.write(`${usage.mcp}\n`)
    return 0
  }
  const [surplus] = positionals
  if (surplus !== undefined) {
    throw new CommandError('usage', `cannot mcp: "${surplus}" is no flag; see "certwright mcp --help"`)
  }
  const place = storePlace('mcp', flags)
  const apiKey = await requireApiKey(place)
  const publicUrl = flags.get('public-url')
  const stopped = stopSignal()
  const store = await openExistingStore(place, 'mcp')
  try {
    const { custody } = await openCustody(store, flags.get('key-file'))
    const authority = createAuthority({
      storage: store.storage,
      custody,
      ...(publicUrl !== undefined && { distribution: { baseUrl: readPublicUrl(publicUrl) } }),
      onBackgroundFailure: warnOfFailure,
    })
    const session = await serveStdio(authority, {
      authenticate: () => authority.authenticate(apiKey),
      allowPrivateKeys: flags.has('allow-private-keys'),
      onFailure: (error) => warn(`a call failed: ${String(error)}`),
    })
    await Promise.race([session.closed, stopped])
    await session.close()
    return 0
  } catch (error) {
    throw explainFault(error, place, 'mcp')
  } finally {
    await store.close()
  }
}

async function requireApiKey(place: StorePlace): Promise<string> {
  const apiKey = process.env[apiKeyVariable] ?? (await readApiKey(place))
  if (apiKey !== undefined && apiKey !== '') return apiKey
  const file = apiKeyFile(place)
  throw new CommandError(
    'usage',
    `cannot mcp: there is no API key: set ${apiKeyVariable}${file === undefined ? '' : `, or let "certwright serve --new-api-key" write ${file}`}`,
  )
}
