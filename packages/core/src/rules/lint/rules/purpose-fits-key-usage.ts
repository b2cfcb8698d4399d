import { findExtension } from '../../../x509/extension.js'
import { keyUsage, type KeyUsage } from '../../../x509/extensions/key-usage.js'
import { keyPurposeOf, keyPurposes } from '../../../x509/key-purposes.js'
import type { LintRule } from '../lint-rule.js'
import { isCa, purposesOf } from '../tbs-facts.js'

/**
 * "If a certificate contains both a key usage extension and an extended key usage extension, then both
 * extensions MUST be processed independently and the certificate MUST only be used for a purpose consistent
 * with both." The same clause lists what is consistent; a purpose without any of its usages could not be
 * exercised.
 */
export const purposeFitsKeyUsage: LintRule = {
  name: 'purpose-fits-key-usage',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.12',
  check({ tbs }) {
    const usages = findExtension(tbs.extensions, keyUsage)
    if (isCa(tbs) || usages === undefined) return undefined
    const wrong = purposesOf(tbs).find(
      (oid) => consistent.get(oid)?.some((usage) => usages.includes(usage)) === false,
    )
    return wrong && `keyUsage has none of the usages that ${keyPurposeOf(wrong)} needs`
  },
}

const consistent: ReadonlyMap<string, readonly KeyUsage[]> = new Map<string, readonly KeyUsage[]>([
  [keyPurposes.serverAuth, ['digitalSignature', 'keyEncipherment', 'keyAgreement']],
  [keyPurposes.clientAuth, ['digitalSignature', 'keyAgreement']],
  [keyPurposes.codeSigning, ['digitalSignature']],
  [keyPurposes.emailProtection, ['digitalSignature', 'contentCommitment', 'keyEncipherment', 'keyAgreement']],
  [keyPurposes.timeStamping, ['digitalSignature', 'contentCommitment']],
  [keyPurposes.ocspSigning, ['digitalSignature', 'contentCommitment']],
])
