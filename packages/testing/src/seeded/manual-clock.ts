import type { Clock } from '@certwright/core'

/** A clock that only the test moves. */
export interface ManualClock extends Clock {
  /** Negative: set it back, as clocks of machines are. */
  forward(seconds: number): void
  setTo(time: Date): void
}

export function manualClock(start: Date): ManualClock {
  let now = start.getTime()
  return {
    now: () => new Date(now),
    forward(seconds) {
      now += seconds * 1000
    },
    setTo(time) {
      now = time.getTime()
    },
  }
}
