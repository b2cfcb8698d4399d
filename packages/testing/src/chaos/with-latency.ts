import { observePorts, type PortCall } from './observe-ports.js'
import type { Ports } from './ports.js'

/**
 * Every call that has a promise takes longer: it waits before it has its effect.
 *
 * @param milliseconds for each call, or computed from it; with a seeded generator a run can be had again
 */
export const withLatency = <P extends Ports>(
  ports: P,
  milliseconds: number | ((call: PortCall) => number),
): P =>
  observePorts(ports, async (call) => {
    if (call.when === 'after') return
    const delay = typeof milliseconds === 'number' ? milliseconds : milliseconds(call)
    await new Promise((resolve) => setTimeout(resolve, delay))
  })
