import { booleanDefaultFalse, integer, optional, sequence } from '../../asn1/der-writer.js'
import { Tag } from '../../asn1/tags.js'
import { defineExtension } from '../extension.js'
import { unwritable } from '../structure-error.js'

/** RFC 5280 §4.2.1.9. */
export interface BasicConstraints {
  readonly isCa: boolean
  /**
   * How many CA certificates that are not self-issued may follow; absent: no limit. Without `isCa` it means nothing: it
   * is read, since CAs have issued it, and never written.
   */
  readonly pathLength?: number | undefined
}

export const basicConstraints = defineExtension<BasicConstraints>({
  oid: '2.5.29.19',
  name: 'basicConstraints',
  read(reader) {
    const content = reader.sequence()
    // Public CAs have encoded the default (BoringSSL's cert_version3.pem is such a certificate).
    const isCa = content.booleanOrAbsent()
    const pathLength = content.peekTag() === Tag.integer ? content.smallInteger() : undefined
    content.finish()
    return { isCa, pathLength }
  },
  write({ isCa, pathLength }) {
    if (!isCa && pathLength !== undefined) {
      throw unwritable('BasicConstraints', 'pathLenConstraint stands without cA')
    }
    return sequence(booleanDefaultFalse(isCa), optional(pathLength, integer))
  },
})
