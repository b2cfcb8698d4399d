import type { KeyKind } from './chain-model.js'

/** What a validator cannot do, and is not to be asked. */
export interface ChainLimits {
  /** Most intermediates; default and maximum 4. */
  readonly intermediates?: number
  /** CRLs and OCSP responses come with some chains. Default: true. */
  readonly revocation?: boolean
  /** Policies, as far as they can be required. Default: true. */
  readonly policies?: boolean
  /** Certificates that end in the second of the validation. Default: true. */
  readonly lastSecond?: boolean
  /** Keys that it knows. Default: ECDSA with P-256 and P-384, Ed25519, RSA. */
  readonly keys?: readonly [KeyKind, ...KeyKind[]]
  /** Certificates may come shuffled, and with others that have nothing to do with them. Default: true. */
  readonly disorder?: boolean
}
