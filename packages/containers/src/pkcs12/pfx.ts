import { OctetString } from 'asn1js'
import {
  AuthenticatedSafe,
  ContentInfo,
  EncryptedContentInfo,
  EncryptedData,
  PFX,
  type SafeBag,
  SafeContents,
} from 'pkijs'
import { encodeDer } from '../der.js'
import { seal } from '../pbes2.js'
import { createMac } from './mac.js'

/* What the bags of a PKCS#12 lie in (RFC 7292 §4), from the outside inwards. */

export interface Protection {
  readonly password: string
  /** Of one derivation. */
  readonly iterations: number
}

/** A PFX, DER: `content`, an AuthenticatedSafe, under a MAC. */
export async function pfxDer(
  content: Uint8Array<ArrayBuffer>,
  { password, iterations }: Protection,
): Promise<Uint8Array> {
  const macData = await createMac(content, password, iterations)
  return encodeDer(new PFX({ version: 3, authSafe: data(content), macData }).toSchema())
}

export const authenticatedSafe = (...safeContents: ContentInfo[]): Uint8Array<ArrayBuffer> =>
  encodeDer(new AuthenticatedSafe({ safeContents }).toSchema())

/** Bags as they are. */
export const dataSafe = (safeBags: SafeBag[]): ContentInfo =>
  data(encodeDer(new SafeContents({ safeBags }).toSchema()))

const data = (content: Uint8Array<ArrayBuffer>): ContentInfo =>
  new ContentInfo({ contentType: ContentInfo.DATA, content: new OctetString({ valueHex: content }) })

export async function encryptedSafe(
  safeBags: SafeBag[],
  { password, iterations }: Protection,
): Promise<ContentInfo> {
  const contents = encodeDer(new SafeContents({ safeBags }).toSchema())
  const { algorithm, ciphertext } = await seal(contents, password, iterations)
  const encryptedContentInfo = new EncryptedContentInfo({
    contentType: ContentInfo.DATA,
    contentEncryptionAlgorithm: algorithm,
    encryptedContent: new OctetString({ valueHex: ciphertext }),
    // Else pkijs cuts it into pieces of 1 KB with an indefinite length, which is BER.
    disableSplit: true,
  })
  const content = new EncryptedData({ version: 0, encryptedContentInfo }).toSchema()
  return new ContentInfo({ contentType: ContentInfo.ENCRYPTED_DATA, content })
}
