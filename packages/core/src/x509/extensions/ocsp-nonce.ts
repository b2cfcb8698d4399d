import { octetString } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 9654 §2.1: `Nonce ::= OCTET STRING(SIZE(1..128))`. */
const maximumOctets = 128

const fault = (nonce: Uint8Array): string | undefined =>
  nonce.length >= 1 && nonce.length <= maximumOctets
    ? undefined
    : `it has ${nonce.length} octets where 1 to ${maximumOctets} are allowed`

/** RFC 9654: what a client sends and gets back, so that an old response is not passed off as a new one. */
export const ocspNonce = defineExtension<Uint8Array>({
  oid: '1.3.6.1.5.5.7.48.1.2',
  name: 'ocspNonce',
  isUnique: true,
  read(reader) {
    const at = reader.offset
    const nonce = reader.octetString()
    const state = fault(nonce)
    if (state !== undefined) throw unreadable('Nonce', at, state)
    return nonce
  },
  write(nonce) {
    const state = fault(nonce)
    if (state !== undefined) throw unwritable('Nonce', state)
    return octetString(nonce)
  },
})
