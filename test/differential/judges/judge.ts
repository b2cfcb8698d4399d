import type { ChainLimits, GeneratedChain } from '@certwright/testing/arbitraries'

/** A validator of somebody's, asked as its documentation has it. */
export interface Judge {
  readonly name: string
  readonly version: string
  /** What it does not claim to do: chains that need it are not shown to it. */
  readonly limits: ChainLimits
  /** It is asked for a name, and looks for it in the certificate. */
  readonly checksIdentity: boolean
  /** Chains that it cannot be asked about, though they are within its limits. */
  readonly canJudge?: (chain: GeneratedChain) => boolean
  /**
   * Whether the chain is valid. What it throws is a refusal.
   *
   * @returns `undefined`: it could not be asked
   */
  judge(chain: GeneratedChain): boolean | undefined | Promise<boolean | undefined>
}
