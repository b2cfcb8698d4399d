import type { Clock } from '@certwright/core'
import type { Ports } from './ports.js'

/**
 * A clock that is wrong.
 *
 * @param seconds ahead; negative: behind. Or computed from the number of the reading, from 1: a clock that jumps
 */
export function skewedClock<P extends Ports & { readonly clock: Clock }>(
  ports: P,
  seconds: number | ((reading: number) => number),
): P {
  let readings = 0
  const now = (): Date => {
    const ahead = typeof seconds === 'number' ? seconds : seconds(++readings)
    return new Date(ports.clock.now().getTime() + ahead * 1000)
  }
  return { ...ports, clock: { now } }
}
