import type { Authority, Storage } from '@certwright/core'
import type { Settings } from '../options.js'
import type { Rotations } from './rotations.js'

/** What the library's models are kept with. */
export interface AdapterParts {
  readonly authority: Authority
  readonly storage: Storage
  readonly now: () => Date
  readonly resources: Settings['resources']
  readonly rotations: Rotations
  resumeUrl(uid: string): string
  /** An error of the library: `invalid_grant`. */
  alreadyUsed(): Error
}
