import type { AddressInfo } from 'node:net'
import type { Server } from 'node:net'
import { once } from 'node:events'

/** Listen on a free port of the loopback while `use` runs. */
export async function whileListening<T>(
  server: Server & { closeAllConnections(): void },
  use: (port: number) => Promise<T>,
  host = '127.0.0.1',
): Promise<T> {
  server.listen(0, host)
  await once(server, 'listening')
  try {
    // A server that listens on a port has an AddressInfo.
    return await use((server.address() as AddressInfo).port)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
