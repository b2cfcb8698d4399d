import { EventEmitter, once } from 'node:events'
import type { KeyCustody, SignRequest } from '@certwright/core'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

/** A custody whose first signature waits until it is let go. */
export function hanging(custody: KeyCustody) {
  const gate = new EventEmitter()
  const begun = once(gate, 'begun')
  const isLetGo = once(gate, 'letGo')
  let isFirst = true
  const sign = async (request: SignRequest): Promise<Uint8Array> => {
    if (isFirst) {
      isFirst = false
      gate.emit('begun')
      await isLetGo
    }
    return custody.sign(request)
  }
  const slow = replaceMethods(custody, { sign })
  return { slow, begun, letGo: () => gate.emit('letGo') }
}
