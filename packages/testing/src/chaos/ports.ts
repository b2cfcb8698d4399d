import type { Clock, KeyCustody, Random, Storage } from '@certwright/core'

/** What an authority stands on; any part of it can be wrapped. */
export interface Ports {
  readonly storage?: Storage
  readonly custody?: KeyCustody
  readonly clock?: Clock
  readonly random?: Random
}
