import type { KeyFamily } from '../../../crypto/algorithm-names.js'
import { parsePublicKey } from '../../../crypto/public-key.js'
import { findExtension } from '../../../x509/extension.js'
import { keyUsage, type KeyUsage } from '../../../x509/extensions/key-usage.js'
import type { LintRule } from '../lint-rule.js'
import { refusalOf } from '../refusal.js'

/**
 * What a key cannot do is not asserted: an EC key encrypts nothing, an RSA key agrees on nothing, and the others sign
 * only.
 */
export const keyUsageFitsKey: LintRule = {
  name: 'key-usage-fits-key',
  level: 'error',
  clause: 'RFC 3279 §2.3.1, RFC 4055 §1.2, RFC 5480 §3, RFC 8410 §5, RFC 9881 §5, RFC 9909 §6',
  check: ({ tbs }) =>
    refusalOf(() => {
      const { family } = parsePublicKey(tbs.spkiDer)
      const wrong = findExtension(tbs.extensions, keyUsage)?.find((usage) =>
        impossible[family].includes(usage),
      )
      return wrong && `keyUsage has ${wrong}, which ${family} keys cannot do`
    }),
}

const notSigning: readonly KeyUsage[] = [
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'encipherOnly',
  'decipherOnly',
]

const impossible: Readonly<Record<KeyFamily, readonly KeyUsage[]>> = {
  RSA: ['keyAgreement', 'encipherOnly', 'decipherOnly'],
  ECDSA: ['keyEncipherment', 'dataEncipherment'],
  'RSA-PSS': notSigning,
  EdDSA: notSigning,
  'ML-DSA': notSigning,
  'SLH-DSA': notSigning,
}
