import { type Authority, createAuthority } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import { mcpExtension } from '@certwright/mcp'
import { type Arguments, readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { warn } from '../say.js'
import { startChores } from '../serve/chores.js'
import { demonstrate, type Demonstrated } from '../serve/demonstrate.js'
import { jsonLogger } from '../serve/json-logger.js'
import { exposureWarning, listen } from '../serve/listen.js'
import { readMetricsToken } from '../serve/metrics-token.js'
import { mayBeIssuer, readIssuer, type ServedOAuth, serveOAuth } from '../serve/oauth.js'
import { readPublicUrl } from '../serve/public-url.js'
import { rateLimitFlags, type RateLimits, readRateLimits } from '../serve/rate-limits.js'
import { readyLine, startScreen } from '../serve/ready.js'
import { reportOpenIssuances } from '../serve/recovery.js'
import { startingServer } from '../serve/server.js'
import { closeWithin, stopSignal } from '../serve/stop.js'
import { findOrCreateSignInSecret } from '../sign-in/sign-in-secret.js'
import { warnOfFailure } from '../store/background-failure.js'
import { explainFault } from '../store/faults.js'
import { openCustody } from '../store/open-custody.js'
import { type OpenedStore, openStore } from '../store/open-store.js'
import { placeFlags, type StorePlace, storePlace } from '../store/place.js'
import { usage } from '../usage.js'
import { version } from '../version.js'

/** How long running requests may take to finish once we are told to stop. */
const gracePeriodMs = 5000

const flagTypes = {
  ...placeFlags,
  memory: 'boolean',
  'key-file': 'string',
  'new-api-key': 'boolean',
  ...rateLimitFlags,
  port: 'string',
  host: 'string',
  'public-url': 'string',
  'oauth-issuer': 'string',
  json: 'boolean',
  verbose: 'boolean',
} as const

interface Settings {
  readonly port: number
  readonly host: string
  /** Absent: the address that we listen on. */
  readonly publicUrl: string | undefined
  /** Absent: the address that we listen on. */
  readonly issuer: string | undefined
  readonly place: StorePlace
  readonly keyFile: string | undefined
  readonly newApiKey: boolean
  readonly metricsToken: string | undefined
  readonly rateLimits: RateLimits
  readonly json: boolean
  readonly verbose: boolean
}

/** `certwright serve`: ends when it is told to by SIGINT or SIGTERM. */
export async function serve(args: readonly string[]): Promise<number> {
  const given = readArguments('serve', args, flagTypes)
  if (given.flags.has('help')) {
    process.stdout.write(`${usage.serve}\n`)
    return 0
  }
  const settings = readSettings(given)
  const stopped = stopSignal()
  const logger = settings.verbose ? jsonLogger(process.stderr) : undefined

  // Bound before there is an authority: certificates carry the URL, and with port 0 nobody knows it earlier.
  const { server, answerWith } = startingServer()
  const { url, isLoopback } = await listen(server, settings.port, settings.host)
  if (!isLoopback) warn(exposureWarning)
  const publicUrl = settings.publicUrl ?? url
  const issuer = settings.issuer ?? url
  if (!mayBeIssuer(issuer)) warn(noOAuthWarning)
  const running = await start({ ...settings, publicUrl, issuer }).catch(async (error: unknown) => {
    await closeWithin(server, 0)
    throw error
  })
  const { metricsToken } = settings
  const { rateLimitStore } = running.store
  const options = {
    publicUrl,
    extensions: [...(running.oauth?.extensions ?? []), mcpExtension({ onFailure: warnOfCall })],
    rateLimits: { ...settings.rateLimits, ...(rateLimitStore && { store: rateLimitStore }) },
    ...(logger && { logger }),
    ...(metricsToken !== undefined && { metrics: { bearerToken: metricsToken } }),
  }
  answerWith(nodeListener(createHandler(running.authority, options)))
  logger?.info({ url }, 'ready')
  const ready = { ...running, url, publicUrl, place: settings.place }
  process.stdout.write(settings.json ? readyLine(ready) : startScreen(ready, version()))

  const chores = startChores(running.authority)
  const signal = await stopped
  logger?.info({ signal }, 'stopping')
  await chores.stop()
  await closeWithin(server, gracePeriodMs)
  await running.store.close()
  return 0
}

const noOAuthWarning =
  'OAuth is off: its addresses must be https, or on this machine; say where clients reach it with --oauth-issuer'

interface Running extends Demonstrated {
  readonly authority: Authority
  readonly store: OpenedStore
  readonly keySource: string
  readonly oauth: ServedOAuth | undefined
  /** Absent where there is no OAuth. */
  readonly signInSecret: string | undefined
}

async function start(
  settings: Settings & { readonly publicUrl: string; readonly issuer: string },
): Promise<Running> {
  const store = await openStore(settings.place, 'serve')
  try {
    const { custody, keySource } = await openCustody(store, settings.keyFile)
    const authority = createAuthority({
      storage: store.storage,
      custody,
      distribution: { baseUrl: settings.publicUrl },
      onBackgroundFailure: warnOfFailure,
    })
    await reportOpenIssuances(authority)
    const demonstrated = await demonstrate(authority, store, settings)
    const { demonstration } = demonstrated
    if (demonstration === undefined || !mayBeIssuer(settings.issuer)) {
      return { authority, store, keySource, ...demonstrated, oauth: undefined, signInSecret: undefined }
    }
    const { storage, place } = store
    const secret = await findOrCreateSignInSecret(place)
    const { issuer } = settings
    const oauth = serveOAuth({ authority, storage, issuer, userId: demonstration.userId, secret })
    return { authority, store, keySource, ...demonstrated, oauth, signInSecret: secret }
  } catch (error) {
    await store.close()
    throw explainFault(error, store.place, 'serve')
  }
}

const warnOfCall = (error: unknown): void => warn(`a call of an agent failed: ${String(error)}`)

function readSettings({ flags, positionals }: Arguments): Settings {
  const [surplus] = positionals
  if (surplus !== undefined) {
    throw new CommandError('usage', `cannot serve: "${surplus}" is no flag; see "certwright serve --help"`)
  }
  const place = storePlace('serve', flags)
  const idle =
    place.kind === 'memory' ? ['key-file', 'new-api-key'].find((flag) => flags.has(flag)) : undefined
  if (idle !== undefined) {
    throw new CommandError(
      'usage',
      `cannot serve: --${idle} has no effect with --memory; leave one of them out`,
    )
  }
  const publicUrl = flags.get('public-url')
  const issuer = flags.get('oauth-issuer')
  return {
    port: readPort(flags.get('port') ?? '8080'),
    host: flags.get('host') ?? '127.0.0.1',
    publicUrl: publicUrl === undefined ? undefined : readPublicUrl(publicUrl),
    issuer: issuer === undefined ? undefined : readIssuer(issuer),
    place,
    keyFile: flags.get('key-file'),
    newApiKey: flags.has('new-api-key'),
    metricsToken: readMetricsToken(process.env),
    rateLimits: readRateLimits(flags),
    json: flags.has('json'),
    verbose: flags.has('verbose'),
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^[0-9]{1,5}$/.test(text) && port <= 65_535) return port
  throw new CommandError('usage', `cannot serve: "${text}" is no port; give --port a number from 0 to 65535`)
}
