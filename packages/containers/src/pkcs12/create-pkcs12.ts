import { invalidInput } from '../container-errors.js'
import { ownPkcs8, sealedKeyDer } from '../encrypted-private-key.js'
import {
  type CertificateInput,
  certificateFrom,
  certificatesFrom,
  checkKeyBelongs,
  orderChain,
} from '../issued-chain.js'
import { checkNewPassword, isWellFormed } from '../password.js'
import { certificateBag, shroudedKeyBag } from './bags.js'
import { authenticatedSafe, dataSafe, encryptedSafe, pfxDer } from './pfx.js'

/*
 * PKCS#12 (RFC 7292): `.p12`, `.pfx`.
 *
 *   PFX
 *     AuthenticatedSafe, under a MAC
 *       EncryptedData   certificates: the one of the key, then its issuers
 *       Data            the key, encrypted by itself (a "shrouded" key bag)
 *
 * That is the layout of OpenSSL and of Java, and some readers know no other. The certificate and its key carry the same
 * localKeyId, by which Java makes one PrivateKeyEntry of them.
 */

/**
 * Of each derivation. One password protects three things, so the weakest decides: all have as many. .NET refuses more than
 * 300,000 for one derivation and a million for a file (Pkcs12LoaderLimits); OpenSSL writes 2,048, Java 10,000.
 */
const iterations = 300_000

/** In characters. Readers show it in a list. */
const maximumNameLength = 255

const action = 'create PKCS#12'

export interface CreatePkcs12Options {
  /** PKCS#8, PKCS#1 or SEC 1, PEM or DER, not encrypted. */
  readonly privateKey: string | Uint8Array
  readonly certificate: string | Uint8Array
  /** The issuers in any order; with or without the root. */
  readonly chain?: CertificateInput
  /** 1 to 1,024 characters, not normalized. Java's keytool needs 6 at least, and wants them in ASCII. */
  readonly password: string
  /** What readers call the entry: Java's alias, in lower case there. 1 to 255 characters. */
  readonly friendlyName?: string
}

/**
 * A PKCS#12 of one private key, its certificate and its issuers: PBES2 with AES-256-CBC, PBKDF2 and HMAC with SHA-256.
 * OpenSSL from 1.1 and Java from 8u301 and 11.0.12 read it.
 *
 * Half a second of work, in turns of 20 ms.
 *
 * @returns DER
 * @throws {PkiError} `invalid_request`: password, name, or a chain with a certificate that issued none of the others
 * @throws {PkiError} `invalid_key`: the key is malformed, or of another certificate
 * @throws {PkiError} `invalid_encoding` | `invalid_der` | `invalid_structure` | `unsupported_algorithm` | `weak_key`
 */
export async function createPkcs12(options: CreatePkcs12Options): Promise<Uint8Array> {
  checkNewPassword(options.password, action)
  checkName(options.friendlyName)
  const certificate = certificateFrom(options.certificate, action)
  const chain = orderChain(certificate, certificatesFrom(options.chain ?? []), action)
  const pkcs8Der = ownPkcs8(options.privateKey)
  let encryptedKeyDer: Uint8Array
  try {
    await checkKeyBelongs(pkcs8Der, certificate, action)
    encryptedKeyDer = await sealedKeyDer(pkcs8Der, options.password, iterations)
  } finally {
    pkcs8Der.fill(0)
  }
  const attributes = {
    ...(options.friendlyName !== undefined && { friendlyName: options.friendlyName }),
    localKeyId: new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(certificate.der))),
  }
  const certificates = [
    certificateBag(certificate.der, attributes),
    ...chain.map(({ der }) => certificateBag(der)),
  ]
  const key = shroudedKeyBag(encryptedKeyDer, attributes)
  const protection = { password: options.password, iterations }
  const content = authenticatedSafe(await encryptedSafe(certificates, protection), dataSafe([key]))
  return pfxDer(content, protection)
}

function checkName(name: string | undefined): void {
  if (name === undefined) return
  if (name.length < 1 || name.length > maximumNameLength) {
    throw invalidInput(action, 'friendlyName', `must have 1 to ${maximumNameLength} characters`)
  }
  if (!isWellFormed(name))
    throw invalidInput(action, 'friendlyName', 'must not contain half of a surrogate pair')
}
