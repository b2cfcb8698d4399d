import { observePorts } from './observe-ports.js'
import type { Ports } from './ports.js'

/** The same ports, and the names of the calls in the order in which they began; reads of a transaction among them. */
export function recordCalls<P extends Ports>(ports: P): { readonly ports: P; readonly calls: string[] } {
  const calls: string[] = []
  const recorded = observePorts(ports, ({ name, when }) => {
    if (when === 'before') calls.push(name)
  })
  return { ports: recorded, calls }
}
