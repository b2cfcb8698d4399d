import type { KeyCustody } from '@certwright/core'
import { observePorts } from './observe-ports.js'
import { portFailure } from './port-failure.js'
import type { Ports } from './ports.js'

/**
 * The n-th signature is made, and custody reports `custody_outcome_unknown`: whoever asked does not have it, and cannot
 * know that it exists.
 *
 * @param n from 1
 */
export function outcomeUnknown<P extends Ports & { readonly custody: KeyCustody }>(ports: P, n: number): P {
  let signatures = 0
  return observePorts(ports, (call) => {
    if (call.name === 'custody.sign' && call.when === 'after' && ++signatures === n) throw portFailure(call)
  })
}
