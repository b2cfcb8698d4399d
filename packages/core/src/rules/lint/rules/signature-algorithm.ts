import { keyAlgorithms } from '../../../crypto/key-algorithms.js'
import { parsePublicKey } from '../../../crypto/public-key.js'
import { findSignatureAlgorithm } from '../../../crypto/signature-algorithms.js'
import { verifiesWith } from '../../../crypto/verify.js'
import type { LintRule } from '../lint-rule.js'
import { refusalOf } from '../refusal.js'

/**
 * The algorithm that is to be used is one that the key of the issuer can use, and its digest does not fall
 * behind the key.
 */
export const signatureAlgorithm: LintRule = {
  name: 'signature-algorithm',
  level: 'error',
  clause: 'RFC 5280 §4.1.1.2, RFC 4055 §3.3, RFC 5480 §4, RFC 8410 §3, RFC 9881 §2, RFC 9909 §3',
  check: ({ tbs, issuer }) =>
    refusalOf(() => {
      const key = parsePublicKey((issuer ?? tbs).spkiDer)
      const algorithm = findSignatureAlgorithm(tbs.signatureAlgorithmDer)
      const { keyAlgorithm, family } = key
      const isStrong =
        !keyAlgorithm ||
        keyAlgorithms[keyAlgorithm].signatureAlgorithms.some((name) => name === algorithm.name)
      if (isStrong && verifiesWith(key, algorithm)) return undefined
      return `a key of type ${keyAlgorithm ?? family} does not sign with ${algorithm.name}`
    }),
}
