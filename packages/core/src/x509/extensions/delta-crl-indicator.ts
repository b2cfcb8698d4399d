import { defineExtension } from '../extension.js'
import { crlNumber, readCrlNumber } from './crl-number.js'

/** RFC 5280 §5.2.4: the number of the complete CRL that this delta CRL starts from. Always critical. */
export const deltaCRLIndicator = defineExtension<bigint>({
  oid: '2.5.29.27',
  name: 'deltaCRLIndicator',
  read: readCrlNumber,
  write: crlNumber,
})
