import type { Server } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { CommandError } from '../command-error.js'

export interface Listening {
  /** Without a slash at the end. A server on all interfaces is named by its loopback address. */
  readonly url: string
  /** Only this machine can connect. */
  readonly isLoopback: boolean
}

export const exposureWarning =
  'other machines can reach this server: it speaks plain HTTP, and whoever has the demonstration key has every right'

/**
 * @param port 0 for any free one
 * @throws {CommandError} the address cannot be taken, with what to change
 */
export async function listen(server: Server, port: number, host: string): Promise<Listening> {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  if (!URL.canParse(`http://${literal(bare)}`) || /[/?#@\\]/.test(bare)) {
    throw new CommandError('usage', `cannot serve: "${host}" is no host; give --host an address or a name`)
  }
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: bare }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const state = refusals.get(code)?.(port, bare) ?? message
    throw new CommandError('failure', `cannot serve: ${state}`, { cause })
  }
  // The cast: a server that listens on a port has an AddressInfo, and a string only on a pipe.
  const bound = server.address() as AddressInfo
  const name = wildcards.get(bound.address) ?? bare
  return {
    url: new URL(`http://${literal(name)}:${bound.port}`).origin,
    isLoopback: isLoopback(bound.address),
  }
}

/** Addresses that stand for all interfaces, and how to reach such a server from here. */
const wildcards: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

const literal = (host: string): string => (isIPv6(host) ? `[${host}]` : host)

const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\./.test(address) || address === '::1'

/** What each error code of `listen` says, and what to change. */
const refusals: ReadonlyMap<string | undefined, (port: number, host: string) => string> = new Map([
  [
    'EADDRINUSE',
    (port, host) =>
      `port ${port} of ${host} is in use; choose another with --port, or any free one with --port 0`,
  ],
  ['EACCES', (port) => `this user may not listen on port ${port}; choose one above 1023 with --port`],
  ['EADDRNOTAVAIL', noSuchHost],
  ['ENOTFOUND', noSuchHost],
  ['EAI_AGAIN', noSuchHost],
])

function noSuchHost(_port: number, host: string): string {
  return `this machine has no address "${host}"; choose another with --host`
}
