import { type CrlReason, crlReason, readCrlReason } from '../crl-reason.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §5.3.1, of a CRL entry: why the certificate was revoked. `unspecified` should be left out instead. */
export const reasonCode = defineExtension<CrlReason>({
  oid: '2.5.29.21',
  name: 'reasonCode',
  read: readCrlReason,
  write: crlReason,
})
