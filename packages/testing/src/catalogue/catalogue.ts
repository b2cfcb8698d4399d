import type { BadCase } from './bad-case.js'
import { caCertificates } from './ca-certificates.js'
import { crl } from './crl.js'
import { encoding } from './encoding.js'
import { extensions } from './extensions.js'
import { identity } from './identity.js'
import { nameConstraintCases } from './name-constraints.js'
import { ocsp } from './ocsp.js'
import { pathBuilding } from './path-building.js'
import { policies } from './policies.js'
import { signatures } from './signatures.js'
import { validity } from './validity.js'

/**
 * Named ways to be wrong: `bad.expired`, `bad.pathLengthExceeded`, `bad.nameConstraintDnsCase`. `make()` gives what a
 * validator is asked, `makeTwin()` the valid counterpart; docs/catalogue.md of the repository lists them all.
 */
export const bad = {
  ...encoding,
  ...validity,
  ...signatures,
  ...caCertificates,
  ...nameConstraintCases,
  ...extensions,
  ...policies,
  ...pathBuilding,
  ...identity,
  ...crl,
  ...ocsp,
} as const

/** All of them, topic by topic. */
export const catalogue: readonly BadCase[] = Object.values(bad)
