import { assertUsableKey, parsePublicKey } from '../../../crypto/public-key.js'
import type { LintRule } from '../lint-rule.js'
import { refusalOf } from '../refusal.js'

/**
 * The key is of a type in the table, well-formed, strong enough and none of those known to be weak.
 */
export const publicKey: LintRule = {
  name: 'public-key',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.7, RFC 8017 §3.1, RFC 5480 §2.1.1',
  check: ({ tbs }) =>
    refusalOf(() => {
      assertUsableKey(parsePublicKey(tbs.spkiDer))
      return undefined
    }),
}
