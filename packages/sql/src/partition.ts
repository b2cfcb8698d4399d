import type { CrlPart } from '@certwright/core'

/** The last octets of the serial numbers of a partition, as they are written: two digits of hex. */
export const lastOctetsOf = ({ index, count }: NonNullable<CrlPart['partition']>): readonly string[] =>
  Array.from({ length: 256 }, (_, octet) => octet)
    .filter((octet) => octet % count === index)
    .map((octet) => octet.toString(16).padStart(2, '0'))
