import { encode, sequence, time } from '../../../asn1/der-writer.js'
import { equalBytes } from '../../../encoding/bytes.js'
import { type Extension, type ExtensionType, decodeExtension } from '../../../x509/extension.js'
import { authorityInfoAccess } from '../../../x509/extensions/authority-info-access.js'
import { basicConstraints } from '../../../x509/extensions/basic-constraints.js'
import { keyUsage } from '../../../x509/extensions/key-usage.js'
import { subjectInfoAccess } from '../../../x509/extensions/subject-info-access.js'
import type { LintInput, LintRule } from '../lint-rule.js'
import { refusalOf } from '../refusal.js'

/**
 * "the certificate is encoded using the ASN.1 distinguished encoding rules (DER)", which give one value one encoding:
 * what was read is encoded again, and is the same. Asked of those fields alone that the reader takes in a form that no
 * CA may write: a GeneralizedTime before 2050, zero bits at the end of keyUsage, cA FALSE encoded, a pathLenConstraint
 * without cA, an empty list of access descriptions.
 */
export const canonicalEncoding: LintRule = {
  name: 'canonical-encoding',
  level: 'error',
  clause: 'RFC 5280 §4.1',
  check: (input) =>
    refusalOf(() => {
      if (!isValidityCanonical(input)) return 'validity is not encoded as DER and §4.1.2.5 demand'
      const spoilt = input.tbs.extensions.find((extension) => !isCanonical(extension))
      return spoilt && `the extension ${spoilt.oid} is not encoded as DER demands`
    }),
}

const readLeniently: ReadonlyMap<string, ExtensionType<unknown>> = new Map(
  [authorityInfoAccess, basicConstraints, keyUsage, subjectInfoAccess].map((type) => [type.oid, type]),
)

function isCanonical(extension: Extension): boolean {
  const type = readLeniently.get(extension.oid)
  return (
    type === undefined || equalBytes(encodingOf(decodeExtension(extension, type), type), extension.valueDer)
  )
}

/** Values are frozen, and shared by all certificates of a profile or an issuer: each is encoded again but once. */
const encodings = new WeakMap<object, Uint8Array>()

function encodingOf(value: unknown, type: ExtensionType<unknown>): Uint8Array {
  if (typeof value !== 'object' || value === null) return type.encode(value)
  const known = encodings.get(value) ?? type.encode(value)
  encodings.set(value, known)
  return known
}

/** The validity stands between issuer and subject, both of which are views on the bytes that were parsed. */
function isValidityCanonical({ tbs, tbsDer }: LintInput): boolean {
  const start = tbs.issuer.der.byteOffset + tbs.issuer.der.length - tbsDer.byteOffset
  const end = tbs.subject.der.byteOffset - tbsDer.byteOffset
  return equalBytes(encode(sequence(time(tbs.notBefore), time(tbs.notAfter))), tbsDer.subarray(start, end))
}
