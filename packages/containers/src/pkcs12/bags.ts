import { type AsnType, BmpString, OctetString } from 'asn1js'
import { Attribute, CertBag, PKCS8ShroudedKeyBag, SafeBag } from 'pkijs'
import { encodeDer, parseDer, readAs } from '../der.js'
import { octetsOf } from '../key-derivation.js'
import { utf16 } from '../password.js'

/* What a PKCS#12 holds are bags (RFC 7292 §4.2), and the attributes on a bag tell which belong together (§4.2). */

export const bagIds = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
} as const

/** PKCS#9 (RFC 2985 §5.5.1, §5.5.2). */
const friendlyNameOid = '1.2.840.113549.1.9.20'
const localKeyIdOid = '1.2.840.113549.1.9.21'

const x509CertificateOid = '1.2.840.113549.1.9.22.1'

export interface BagAttributes {
  readonly friendlyName?: string
  /** The same on a key and on its certificate; what it is, nobody says. */
  readonly localKeyId?: Uint8Array<ArrayBuffer>
}

export function certificateBag(der: Uint8Array, attributes: BagAttributes = {}): SafeBag {
  const certValue = new OctetString({ valueHex: Uint8Array.from(der) })
  const bagValue = new CertBag({ certId: x509CertificateOid, certValue })
  return bag(bagIds.certificate, bagValue, attributes)
}

/** @param encryptedKeyDer an EncryptedPrivateKeyInfo */
export function shroudedKeyBag(encryptedKeyDer: Uint8Array, attributes: BagAttributes): SafeBag {
  const bagValue = readAs(PKCS8ShroudedKeyBag, parseDer(encryptedKeyDer, 'PKCS#12'), 'PKCS#12')
  return bag(bagIds.shroudedKey, bagValue, attributes)
}

function bag(bagId: string, bagValue: SafeBag['bagValue'], attributes: BagAttributes): SafeBag {
  const bagAttributes = attributeSet(attributes)
  return new SafeBag({ bagId, bagValue, ...(bagAttributes.length > 0 && { bagAttributes }) })
}

/** A SET, which DER sorts (X.690 §11.6): a shorter encoding comes first, for its length stands in its second octet. */
function attributeSet({ friendlyName, localKeyId }: BagAttributes): Attribute[] {
  const attributes: Attribute[] = []
  if (friendlyName !== undefined) {
    attributes.push(new Attribute({ type: friendlyNameOid, values: [bmpString(friendlyName)] }))
  }
  if (localKeyId !== undefined) {
    attributes.push(
      new Attribute({ type: localKeyIdOid, values: [new OctetString({ valueHex: localKeyId })] }),
    )
  }
  return attributes.sort((a, b) => compare(encodeDer(a.toSchema()), encodeDer(b.toSchema())))
}

function bmpString(text: string): BmpString {
  const string = new BmpString()
  string.valueBlock.valueHexView = utf16(text)
  return string
}

/** Attributes that are not what their type says are left out: they are names for people, and a key is not lost for one. */
export function readAttributes(attributes: readonly Attribute[] | undefined): BagAttributes {
  const name = valueOf(attributes, friendlyNameOid)
  const id = valueOf(attributes, localKeyIdOid)
  return {
    ...(name instanceof BmpString && { friendlyName: utf16Text(name.valueBlock.valueHexView) }),
    ...(id instanceof OctetString && { localKeyId: octetsOf(id) }),
  }
}

function valueOf(attributes: readonly Attribute[] | undefined, type: string): AsnType | undefined {
  const attribute = attributes?.find((one) => one.type === type)
  // pkijs reads a SET with nothing in it as none at all, which its types do not tell.
  const values: readonly AsnType[] | undefined = attribute?.values
  return values?.[0]
}

const utf16Text = (octets: Uint8Array): string => new TextDecoder('utf-16be').decode(octets)

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, i) => octet !== b[i])
  return at < 0 ? 0 : (a[at] as number) - (b[at] ?? -1)
}
