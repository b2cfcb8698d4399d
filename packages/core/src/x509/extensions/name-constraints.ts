import type { DerReader } from '../../asn1/der-reader.js'
import {
  constructed,
  type Encoder,
  integer,
  optional,
  type OptionalEncoder,
  sequence,
} from '../../asn1/der-writer.js'
import { contextConstructed, contextPrimitive } from '../../asn1/tags.js'
import { defineExtension } from '../extension.js'
import { type GeneralName, generalName, readGeneralName } from '../general-name.js'
import { prefixLength } from '../ip-address.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 5280 §4.2.1.10. An empty list is written as an absent one; not both are empty. */
export interface NameConstraints {
  readonly permitted: readonly GeneralSubtree[]
  readonly excluded: readonly GeneralSubtree[]
}

/** All names of one form in and below `base`. An `ip` is address and mask: 8 or 32 octets. */
export interface GeneralSubtree {
  readonly base: GeneralName
  /** 0 in RFC 5280; path validation cannot process another value and says so. */
  readonly minimum: number
  /** Absent in RFC 5280; as `minimum`. */
  readonly maximum?: number | undefined
}

const nothingConstrained = 'it has neither permittedSubtrees nor excludedSubtrees'

export const nameConstraints = defineExtension<NameConstraints>({
  oid: '2.5.29.30',
  name: 'nameConstraints',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    if (content.atEnd) throw unreadable('NameConstraints', at, nothingConstrained)
    const permitted = readSubtrees(content, 0)
    const excluded = readSubtrees(content, 1)
    content.finish()
    return { permitted, excluded }
  },
  write({ permitted, excluded }) {
    if (permitted.length === 0 && excluded.length === 0)
      throw unwritable('NameConstraints', nothingConstrained)
    return sequence(subtrees(permitted, 0), subtrees(excluded, 1))
  },
})

function readSubtrees(reader: DerReader, number: number): readonly GeneralSubtree[] {
  const at = reader.offset
  const content = reader.optionalContext(number)
  if (content === undefined) return []
  if (content.atEnd) throw unreadable('NameConstraints', at, 'a list of subtrees is empty')
  const list: GeneralSubtree[] = []
  while (!content.atEnd) list.push(readSubtree(content.sequence()))
  return list
}

function readSubtree(reader: DerReader): GeneralSubtree {
  const at = reader.offset
  const base = readGeneralName(reader, 'constraint')
  if (!hasPrefixMask(base)) throw unreadable('NameConstraints', at, brokenMask)
  const minimumAt = reader.offset
  const minimum = readBaseDistance(reader, 0)
  if (minimum === 0) throw unreadable('NameConstraints', minimumAt, 'the default minimum 0 is encoded')
  const maximum = readBaseDistance(reader, 1)
  reader.finish()
  return { base, minimum: minimum ?? 0, maximum }
}

function readBaseDistance(reader: DerReader, number: number): number | undefined {
  const tag = contextPrimitive(number)
  return reader.peekTag() === tag ? reader.smallInteger(undefined, tag) : undefined
}

const brokenMask = 'the mask of an IP address range has a one behind a zero'

/** §4.2.1.10: a range is "encoded in the style of RFC 4632 (CIDR)". Validators disagree on what another mask means. */
const hasPrefixMask = (base: GeneralName): boolean =>
  base.type !== 'ip' || prefixLength(base.address.subarray(base.address.length / 2)) !== undefined

function subtrees(list: readonly GeneralSubtree[], number: number): OptionalEncoder {
  return list.length === 0 ? undefined : constructed(contextConstructed(number), ...list.map(subtree))
}

function subtree({ base, minimum, maximum }: GeneralSubtree): Encoder {
  if (!hasPrefixMask(base)) throw unwritable('NameConstraints', brokenMask)
  return sequence(
    generalName(base, 'constraint'),
    minimum === 0 ? undefined : integer(minimum, contextPrimitive(0)),
    optional(maximum, (distance) => integer(distance, contextPrimitive(1))),
  )
}
