import { Tag } from '../asn1/tags.js'

/** The attributes of a name that people set and ask for, each as one text; `domainComponent` label by label. */
export interface NameFields {
  /** Two letters of ISO 3166. */
  country?: string | undefined
  state?: string | undefined
  locality?: string | undefined
  organization?: string | undefined
  organizationalUnit?: string | undefined
  commonName?: string | undefined
  /** The X.520 attribute, which tells apart subjects of one name. It is not the certificate's serial number. */
  serialNumber?: string | undefined
  emailAddress?: string | undefined
  /** As the domain is written: `['example', 'org']`. */
  domainComponent?: readonly string[] | undefined
}

export interface AttributeType {
  readonly oid: string
  /** The short name that RFC 4514 text uses: registered with IANA for LDAP (RFC 4520 §3.4). */
  readonly keyword: string
  /** The string type that is written (RFC 5280 §4.1.2.4, appendix A.1). */
  readonly tag: number
  /** Longest value in characters: ub-… of RFC 5280 appendix A.1. */
  readonly upperBound: number
  /** A stricter form than the string type, and its name for people. */
  readonly form?: { readonly pattern: RegExp; readonly description: string }
}

/** In the order in which `createName` writes them, the most general first. */
export const fieldTypes: { readonly [K in keyof Required<NameFields>]: AttributeType } = {
  // RFC 4519 §2.4 gives no bound: a label of a domain name has at most 63 octets (RFC 1035 §2.3.4).
  domainComponent: {
    oid: '0.9.2342.19200300.100.1.25',
    keyword: 'DC',
    tag: Tag.ia5String,
    upperBound: 63,
  },
  country: {
    oid: '2.5.4.6',
    keyword: 'C',
    tag: Tag.printableString,
    upperBound: 2,
    form: { pattern: /^[A-Za-z]{2}$/, description: 'two letters' },
  },
  state: { oid: '2.5.4.8', keyword: 'ST', tag: Tag.utf8String, upperBound: 128 },
  locality: { oid: '2.5.4.7', keyword: 'L', tag: Tag.utf8String, upperBound: 128 },
  organization: { oid: '2.5.4.10', keyword: 'O', tag: Tag.utf8String, upperBound: 64 },
  organizationalUnit: { oid: '2.5.4.11', keyword: 'OU', tag: Tag.utf8String, upperBound: 64 },
  commonName: { oid: '2.5.4.3', keyword: 'CN', tag: Tag.utf8String, upperBound: 64 },
  serialNumber: { oid: '2.5.4.5', keyword: 'serialNumber', tag: Tag.printableString, upperBound: 64 },
  emailAddress: {
    oid: '1.2.840.113549.1.9.1',
    keyword: 'emailAddress',
    tag: Tag.ia5String,
    upperBound: 255,
  },
}

/** OID → keyword, for text: the fields above and the other attributes of RFC 5280 §4.1.2.4. */
export const attributeKeywords: ReadonlyMap<string, string> = new Map([
  ...Object.values(fieldTypes).map(({ oid, keyword }): [string, string] => [oid, keyword]),
  ['2.5.4.4', 'sn'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.12', 'title'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.42', 'givenName'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
])
