import { observePorts, type PortCall } from './observe-ports.js'
import { portFailure } from './port-failure.js'
import type { Ports } from './ports.js'

/**
 * The n-th port call fails, before it has its effect or after it, and everything later fails too, as when the process
 * dies there. What was done until then stays done; a transaction that is open is rolled back.
 *
 * @param n from 1, over all ports together; where there are fewer calls, none fails
 */
export function crashAt<P extends Ports>(ports: P, n: number, when: PortCall['when']): P {
  let isDead = false
  return observePorts(ports, (call) => {
    isDead ||= call.number === n && call.when === when
    if (isDead) throw portFailure(call)
  })
}

/** The n-th port call alone fails, as when a connection is lost for a moment. */
export function failAt<P extends Ports>(ports: P, n: number, when: PortCall['when']): P {
  return observePorts(ports, (call) => {
    if (call.number === n && call.when === when) throw portFailure(call)
  })
}
