import type { Storage } from '@certwright/core'
import { observePorts } from './observe-ports.js'
import { portFailure } from './port-failure.js'
import type { Ports } from './ports.js'

/**
 * The n-th commit succeeds, and its caller is told `storage_unavailable`: the connection was lost between the two.
 *
 * @param n from 1
 */
export function lostAcknowledgement<P extends Ports & { readonly storage: Storage }>(ports: P, n: number): P {
  let commits = 0
  return observePorts(ports, (call) => {
    if (call.name === 'commit' && call.when === 'after' && ++commits === n) throw portFailure(call)
  })
}
