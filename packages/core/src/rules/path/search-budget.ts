import { type ComparisonBudget, createComparisonBudget } from './name-constraints.js'

/** What a search may spend before it gives up: whoever makes the certificates chooses how many paths there are. */
export interface SearchBudget {
  /** Signatures that are verified. */
  signatures: number
  /** Complete paths that are validated. */
  paths: number
  /** Issuers that are looked at. */
  steps: number
  readonly comparisons: ComparisonBudget
}

/**
 * Go stops at 100 signatures (maxChainSignatureChecks, CVE-2018-16875), rustls-webpki too, and either at 200,000 steps
 * (Budget.build_chain_calls, from mozilla::pkix). A search that skips dead ends needs far fewer steps, and five times
 * the signatures leave room for a store of a hundred CAs of one name; both end within a tenth of a second.
 */
export const createSearchBudget = (): SearchBudget => ({
  signatures: 500,
  paths: 500,
  steps: 20_000,
  comparisons: createComparisonBudget(),
})
