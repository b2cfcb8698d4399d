import { certificateDefects } from './certificate-defects.js'
import type { ChainDefect } from './chain-defect.js'
import { chainDefects } from './chain-defects.js'
import { nameDefects } from './name-defects.js'
import { revocationDefects } from './revocation-defects.js'

/** Every way in which a generated chain can be wrong. */
export const allDefects: readonly ChainDefect[] = [
  ...certificateDefects,
  ...nameDefects,
  ...chainDefects,
  ...revocationDefects,
]

const byName = new Map(allDefects.map((defect) => [defect.name, defect]))

/** @throws {RangeError} there is none of this name */
export function defectNamed(name: string): ChainDefect {
  const defect = byName.get(name)
  if (defect === undefined) throw new RangeError(`defect: expected a name of the table, got "${name}"`)
  return defect
}
