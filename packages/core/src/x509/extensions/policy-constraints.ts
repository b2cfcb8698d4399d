import type { DerReader } from '../../asn1/der-reader.js'
import { integer, type OptionalEncoder, optional, sequence } from '../../asn1/der-writer.js'
import { contextPrimitive } from '../../asn1/tags.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 5280 §4.2.1.11, at least one of the two. Each counts the certificates that may follow before it applies. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number | undefined
  readonly inhibitPolicyMapping?: number | undefined
}

const nothingConstrained = 'it has neither requireExplicitPolicy nor inhibitPolicyMapping'

export const policyConstraints = defineExtension<PolicyConstraints>({
  oid: '2.5.29.36',
  name: 'policyConstraints',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    if (content.atEnd) throw unreadable('PolicyConstraints', at, nothingConstrained)
    const requireExplicitPolicy = readSkipCerts(content, 0)
    const inhibitPolicyMapping = readSkipCerts(content, 1)
    content.finish()
    return { requireExplicitPolicy, inhibitPolicyMapping }
  },
  write({ requireExplicitPolicy, inhibitPolicyMapping }) {
    if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined) {
      throw unwritable('PolicyConstraints', nothingConstrained)
    }
    return sequence(skipCerts(requireExplicitPolicy, 0), skipCerts(inhibitPolicyMapping, 1))
  },
})

function readSkipCerts(reader: DerReader, number: number): number | undefined {
  const tag = contextPrimitive(number)
  return reader.peekTag() === tag ? reader.smallInteger(undefined, tag) : undefined
}

const skipCerts = (count: number | undefined, number: number): OptionalEncoder =>
  optional(count, (value) => integer(value, contextPrimitive(number)))
