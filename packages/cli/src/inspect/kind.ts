/** What is shown in full. */
export type Structure =
  | 'certificate'
  | 'certificateRequest'
  | 'crl'
  | 'ocspRequest'
  | 'ocspResponse'
  | 'publicKey'

/** What an item is. `other` is PEM of a kind that is not shown. */
export type Kind = Structure | 'privateKey' | 'other'

/** RFC 7468, and what OpenSSL writes. */
const kindsByLabel: Readonly<Record<string, Kind>> = {
  CERTIFICATE: 'certificate',
  'CERTIFICATE REQUEST': 'certificateRequest',
  'NEW CERTIFICATE REQUEST': 'certificateRequest',
  'X509 CRL': 'crl',
  'OCSP REQUEST': 'ocspRequest',
  'OCSP RESPONSE': 'ocspResponse',
  'PUBLIC KEY': 'publicKey',
}

export function kindOfLabel(label: string): Kind {
  if (label.endsWith('PRIVATE KEY')) return 'privateKey'
  return Object.hasOwn(kindsByLabel, label) ? (kindsByLabel[label] as Kind) : 'other'
}

/** Identifier octets of what tells the structures apart (X.690 §8.1.2). */
const integer = '02'
const bitString = '03'
const octetString = '04'
const enumerated = '0a'
const sequence = '30'
const time = '(?:17|18)'

/**
 * The tags of the first elements, as in `30(02 30)30 03`: the outermost SEQUENCE left out, in brackets the elements of
 * its first one. The rows exclude each other.
 */
const shapes: readonly (readonly [RegExp, Structure | 'privateKey'])[] = [
  // SEQUENCE { responseStatus ENUMERATED, … }
  [new RegExp(`^${enumerated}`), 'ocspResponse'],
  // PKCS#8, PKCS#1 and SEC 1 begin with a version; encrypted PKCS#8 is SEQUENCE { algorithm, OCTET STRING }.
  [new RegExp(`^${integer}`), 'privateKey'],
  [new RegExp(`^${sequence}\\([^)]*\\)${octetString}$`), 'privateKey'],
  // SEQUENCE { algorithm, subjectPublicKey BIT STRING }
  [new RegExp(`^${sequence}\\([^)]*\\)${bitString}`), 'publicKey'],
  // Signed structures: SEQUENCE { tbs, algorithm, signature BIT STRING … }, told apart by the tbs.
  [new RegExp(`^${sequence}\\(${integer} ${sequence} ${sequence} a0`), 'certificateRequest'],
  [new RegExp(`^${sequence}\\((?:${integer} )?${sequence} ${sequence} ${time}`), 'crl'],
  [new RegExp(`^${sequence}\\([^)]*\\)${sequence} ${bitString}`), 'certificate'],
  // SEQUENCE { tbsRequest SEQUENCE { [1] requestorName OPTIONAL, requestList } … }
  [new RegExp(`^${sequence}\\((?:a1 )?${sequence}[^)]*\\)(?:a0)?$`), 'ocspRequest'],
]

/**
 * What DER without a label seems to be. A guess from the outermost tags, so that the right parser can say what is wrong;
 * `undefined`: nothing that is known here.
 */
export function kindOfDer(der: Uint8Array): Structure | 'privateKey' | undefined {
  const [outer] = elementsIn(der, 0, der.length)
  if (outer?.tag !== sequence) return undefined
  const elements = elementsIn(der, outer.start, outer.end)
  const tags = elements.map(({ tag, start, end }, i) => {
    if (i > 0 || tag !== sequence) return `${tag} `
    const inner = elementsIn(der, start, end).map((element) => element.tag)
    return `${tag}(${inner.join(' ')})`
  })
  const text = tags.join('').trimEnd()
  return shapes.find(([shape]) => shape.test(text))?.[1]
}

interface Element {
  /** The identifier octet in hex. */
  readonly tag: string
  /** Of its content. */
  readonly start: number
  readonly end: number
}

/** More than tell any of the structures apart. */
const maximumElements = 8

/** Lenient: what is cut off ends where the bytes end. */
function elementsIn(der: Uint8Array, start: number, end: number): Element[] {
  const elements: Element[] = []
  let offset = start
  while (offset + 1 < end && elements.length < maximumElements) {
    const tag = (der[offset++] as number).toString(16).padStart(2, '0')
    let length = der[offset++] as number
    if (length >= 0x80) {
      const octets = length & 0x7f
      length = 0
      for (let i = 0; i < octets && offset < end; i++) length = length * 256 + (der[offset++] as number)
    }
    const elementEnd = Math.min(offset + length, end)
    elements.push({ tag, start: offset, end: elementEnd })
    offset = elementEnd
  }
  return elements
}
