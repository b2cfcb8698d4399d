import { createServer, type RequestListener } from 'node:http'
import { createAuthority } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { createDemonstration } from '../serve/demonstration.js'
import { exposureWarning, listen } from '../serve/listen.js'
import { jsonLogger } from '../serve/json-logger.js'
import { notReady } from '../serve/not-ready.js'
import { readyLine, startScreen } from '../serve/ready.js'
import { closeWithin, stopSignal } from '../serve/stop.js'
import { usage } from '../usage.js'
import { version } from '../version.js'

/** How long running requests may take to finish once we are told to stop. */
const gracePeriodMs = 5000

/**
 * Timeouts and sizes for a server that strangers may reach: a client that sends a byte now and then holds a socket for
 * seconds and not for the five minutes of Node's defaults. Bodies are bounded by the handler.
 */
const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16_384,
} as const

/** `certwright serve`: ends when it is told to by SIGINT or SIGTERM. */
export async function serve(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('serve', args, {
    port: 'string',
    host: 'string',
    json: 'boolean',
    verbose: 'boolean',
  })
  if (flags.has('help')) {
    process.stdout.write(`${usage.serve}\n`)
    return 0
  }
  if (positionals.length > 0) {
    throw new CommandError(
      'usage',
      `cannot serve: "${positionals[0]}" is no flag; see "certwright serve --help"`,
    )
  }
  const port = readPort(flags.get('port') ?? '8080')
  const stopped = stopSignal()

  // Bound before there is an authority: certificates carry the URL, and with port 0 nobody knows it earlier.
  let listener: RequestListener = notReady
  const server = createServer(serverOptions, (incoming, outgoing) => listener(incoming, outgoing))
  server.maxHeadersCount = 100
  const { url, isLoopback } = await listen(server, port, flags.get('host') ?? '127.0.0.1')
  if (!isLoopback) process.stderr.write(`certwright: warning: ${exposureWarning}\n`)

  const authority = createAuthority({
    storage: memoryStorage(),
    custody: memoryCustody(),
    distribution: { baseUrl: url },
  })
  const demonstration = await createDemonstration(authority)
  const logger = flags.has('verbose') ? jsonLogger(process.stderr) : undefined
  listener = nodeListener(createHandler(authority, { publicUrl: url, ...(logger && { logger }) }))
  logger?.info({ url }, 'ready')
  const ready = { url, ...demonstration }
  process.stdout.write(flags.has('json') ? readyLine(ready) : startScreen(ready, version()))

  const signal = await stopped
  logger?.info({ signal }, 'stopping')
  await closeWithin(server, gracePeriodMs)
  return 0
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^[0-9]{1,5}$/.test(text) && port <= 65_535) return port
  throw new CommandError('usage', `cannot serve: "${text}" is no port; give --port a number from 0 to 65535`)
}
