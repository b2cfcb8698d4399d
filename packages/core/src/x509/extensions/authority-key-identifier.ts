import { octetString, optional, sequence } from '../../asn1/der-writer.js'
import { contextConstructed, contextPrimitive } from '../../asn1/tags.js'
import { defineExtension } from '../extension.js'
import { type GeneralName, generalNames, readGeneralNames } from '../general-name.js'
import { type SerialNumber, serialNumber, serialNumberOf } from '../serial-number.js'
import { unreadable, unwritable } from '../structure-error.js'

/**
 * RFC 5280 §4.2.1.1: which key of the issuer signed, by its subjectKeyIdentifier, or by the issuer's own issuer and
 * serial number, which stand together or not at all.
 */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array | undefined
  readonly authorityCertIssuer?: readonly GeneralName[] | undefined
  readonly authorityCertSerialNumber?: SerialNumber | undefined
}

const onlyOne = 'authorityCertIssuer and authorityCertSerialNumber do not stand together'

export const authorityKeyIdentifier = defineExtension<AuthorityKeyIdentifier>({
  oid: '2.5.29.35',
  name: 'authorityKeyIdentifier',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    const keyIdentifier = content.optionalContextPrimitive(0)
    const issuerNames = content.optionalContext(1)
    const authorityCertIssuer = issuerNames && readGeneralNames(issuerNames)
    const authorityCertSerialNumber =
      content.peekTag() === serialTag ? serialNumberOf(content.integerBytes(serialTag)) : undefined
    content.finish()
    const value = { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber }
    if (!isPaired(value)) throw unreadable('AuthorityKeyIdentifier', at, onlyOne)
    return value
  },
  write(value) {
    if (!isPaired(value)) throw unwritable('AuthorityKeyIdentifier', onlyOne)
    return sequence(
      optional(value.keyIdentifier, (octets) => octetString(octets, contextPrimitive(0))),
      optional(value.authorityCertIssuer, (names) => generalNames(names, contextConstructed(1))),
      optional(value.authorityCertSerialNumber, (serial) => serialNumber(serial, serialTag)),
    )
  },
})

const serialTag = contextPrimitive(2)

const isPaired = (value: AuthorityKeyIdentifier): boolean =>
  (value.authorityCertIssuer === undefined) === (value.authorityCertSerialNumber === undefined)
