import { generalizedTime } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'

/** RFC 6960 §4.4.4, of a single response: the status of what has expired since then is still known. Whole seconds. */
export const archiveCutoff = defineExtension<Date>({
  oid: '1.3.6.1.5.5.7.48.1.6',
  name: 'archiveCutoff',
  read: (reader) => reader.generalizedTime(),
  write: (time) => generalizedTime(time),
})
