import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Ready, Spent } from './server.js'

/** A server in a process of its own, which does nothing else. */
export interface ServerProcess extends Ready {
  cpuMicros(): Promise<number>
  stop(): Promise<void>
}

/** @param args of this bench, as which the process is started again */
export async function startServer(...args: readonly string[]): Promise<ServerProcess> {
  const child = fork(process.argv[1] ?? '', args)
  const ready = await nextMessage<Ready>(child)
  return {
    ...ready,
    async cpuMicros() {
      child.send('cpu')
      return (await nextMessage<Spent>(child)).cpuMicros
    },
    async stop() {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

/** @throws {Error} the process has ended instead */
async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const other = new AbortController()
  const { signal } = other
  const either = [once(child, 'message', { signal }), once(child, 'exit', { signal })]
  for (const one of either) one.catch(() => undefined)
  const [message] = (await Promise.race(either)) as [unknown]
  other.abort()
  if (typeof message === 'object' && message !== null) return message as T
  throw new Error(`http: the server ended with exit code ${String(message)}`)
}
