import { type Certificate, parseCertificate, pemDecode, pemEncode } from '@certwright/core'
import { type AsnType, Constructed, Integer, Primitive, Sequence, Set as AsnSet } from 'asn1js'
import { ContentInfo, EncapsulatedContentInfo, SignedData } from 'pkijs'
import { unreadable } from './container-errors.js'
import { derOf, encodeDer, parseDer, readAs } from './der.js'
import type { Container } from './encrypted-private-key.js'
import { type CertificateInput, certificatesFrom } from './issued-chain.js'

/*
 * `.p7b`: a message that signs nothing (RFC 5652 §5.1).
 *
 * PKCS#7 was made for signed messages, which carry the certificates of their signers. A message without content and
 * without signers is left with the certificates alone, and that "degenerate" SignedData is what Windows and Java take for
 * a chain. Nothing in it is signed, so nothing in it is to be trusted more than a row of PEM blocks.
 *
 * `certificates` is a SET, which DER would sort by its encodings. SignedData need not be DER, OpenSSL keeps the order it
 * is given, and readers that show a chain show it in that order; so do we.
 */

const structure = 'PKCS#7'

/** RFC 7468 §8 writes the first; the others are what older and newer programs write. */
const labels = ['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA']

/**
 * A PKCS#7 bundle of certificates, in the order given.
 *
 * @param certificates one at least
 * @throws {PkiError} `invalid_structure`: there is none; `invalid_encoding` | `invalid_der` | `invalid_structure`: one of
 * them is malformed
 */
export function createCertificateBundle(certificates: CertificateInput): Container {
  const list = certificatesFrom(certificates)
  if (list.length === 0) throw unreadable('certificates', 'there are none')
  const content = new Sequence({
    value: [
      new Integer({ value: 1 }),
      new AsnSet(),
      new EncapsulatedContentInfo({ eContentType: ContentInfo.DATA }).toSchema(),
      certificateSet(list),
      new AsnSet(),
    ],
  })
  const der = encodeDer(new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content }).toSchema())
  return { der, pem: pemEncode('PKCS7', der) }
}

/** The octets of each certificate as they are: parsed and encoded again, a signature might be lost. */
function certificateSet(certificates: readonly Certificate[]): Primitive {
  const valueHex = new Uint8Array(certificates.reduce((octets, { der }) => octets + der.length, 0))
  let at = 0
  for (const { der } of certificates) {
    valueHex.set(der, at)
    at += der.length
  }
  const set = new Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex })
  set.idBlock.isConstructed = true
  return set
}

/**
 * The certificates of a PKCS#7, in its order. Its signatures, where it has some, are not verified, and CRLs in it are
 * left aside: it is a bag, and what it holds is to be validated like anything else.
 *
 * @param pemOrDer DER; BER with indefinite lengths is refused
 * @throws {PkiError} `invalid_encoding` | `invalid_der` | `der_limit_exceeded`
 * @throws {PkiError} `invalid_structure`: it is no SignedData, has no certificates, has attribute certificates, or a
 * certificate in it is malformed
 */
export function readCertificateBundle(pemOrDer: string | Uint8Array): Certificate[] {
  const der = typeof pemOrDer === 'string' ? pemDecode(pemOrDer, ...labels) : pemOrDer
  const { contentType, content } = readAs(ContentInfo, parseDer(der, structure), structure)
  if (contentType !== ContentInfo.SIGNED_DATA)
    throw unreadable(structure, `it holds ${contentType}, no SignedData`)
  const found = certificateElements(content)
  // pkijs checks the whole, and forgets which octets it read.
  readAs(SignedData, content, structure)
  if (found.length === 0) throw unreadable(structure, 'it has no certificates')
  return found.map((der) => parseCertificate(der))
}

function certificateElements(signedData: AsnType): Uint8Array[] {
  const elements = signedData instanceof Sequence ? signedData.valueBlock.value : []
  const set = elements.find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0)
  const certificates = set instanceof Constructed ? set.valueBlock.value : []
  // CertificateChoices (RFC 5652 §10.2.2): all but the plain certificate are tagged.
  if (certificates.some((element) => !(element instanceof Sequence))) {
    throw unreadable(structure, 'it has certificates of another kind than X.509')
  }
  return certificates.map(derOf)
}
