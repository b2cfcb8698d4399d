import {
  type Certificate,
  type CertificateRequest,
  type CertificateRevocationList,
  parseCertificate,
  parseCertificateRequest,
  parseCrl,
  pemDecodeAll,
  pemEncode,
  privateKeyFrom,
} from '@certwright/core'
import { ownPkcs8 } from './encrypted-private-key.js'
import {
  type CertificateInput,
  certificateFrom,
  certificatesFrom,
  checkKeyBelongs,
  orderChain,
} from './issued-chain.js'

/*
 * PEM bundles: one file, several blocks (RFC 7468).
 *
 * The order is the one that every server takes. The private key comes first, because Postfix wants each key before its
 * certificates and the others do not care; then the certificate, because nginx, Apache and HAProxy take the first for the
 * server's own; then the issuers, each behind what it issued, because TLS 1.2 demands it (RFC 5246 §7.4.2).
 */

export interface PemBundleOptions {
  /** PKCS#8, PKCS#1 or SEC 1, PEM or DER, not encrypted. Left out, the bundle is public. */
  readonly privateKey?: string | Uint8Array
  readonly certificate: string | Uint8Array
  /** The issuers in any order; with or without the root. */
  readonly chain?: CertificateInput
}

const action = 'create PEM bundle'

/**
 * A PEM text with the private key, the certificate and its issuers, in this order.
 *
 * @throws {PkiError} `invalid_key`: the key is malformed, or of another certificate
 * @throws {PkiError} `invalid_request`: the chain has a certificate that issued none of the others
 * @throws {PkiError} `invalid_encoding` | `invalid_der` | `invalid_structure` | `unsupported_algorithm` | `weak_key`
 */
export async function createPemBundle(options: PemBundleOptions): Promise<string> {
  const certificate = certificateFrom(options.certificate, action)
  const chain = orderChain(certificate, certificatesFrom(options.chain ?? []), action)
  const certificatesPem = [certificate, ...chain].map(({ der }) => pemEncode('CERTIFICATE', der)).join('')
  if (options.privateKey === undefined) return certificatesPem
  const pkcs8Der = ownPkcs8(options.privateKey)
  try {
    await checkKeyBelongs(pkcs8Der, certificate, action)
    return pemEncode('PRIVATE KEY', pkcs8Der) + certificatesPem
  } finally {
    pkcs8Der.fill(0)
  }
}

/** What a block of a PEM text is. */
export type PemItem =
  | { readonly type: 'certificate'; readonly certificate: Certificate }
  | { readonly type: 'private-key'; readonly pkcs8Der: Uint8Array }
  | { readonly type: 'encrypted-private-key'; readonly der: Uint8Array }
  | { readonly type: 'certificate-request'; readonly request: CertificateRequest }
  | { readonly type: 'crl'; readonly crl: CertificateRevocationList }
  | { readonly type: 'certificate-bundle'; readonly der: Uint8Array }
  | { readonly type: 'other'; readonly label: string; readonly der: Uint8Array }

/** Labels of RFC 7468 and those that older programs write, each with what its block is. */
const readers: Readonly<Record<string, (der: Uint8Array) => PemItem>> = {
  CERTIFICATE: (der) => ({ type: 'certificate', certificate: parseCertificate(der) }),
  'X509 CERTIFICATE': (der) => ({ type: 'certificate', certificate: parseCertificate(der) }),
  'PRIVATE KEY': (der) => ({ type: 'private-key', pkcs8Der: privateKeyFrom(der) }),
  'RSA PRIVATE KEY': (der) => ({ type: 'private-key', pkcs8Der: privateKeyFrom(der) }),
  'EC PRIVATE KEY': (der) => ({ type: 'private-key', pkcs8Der: privateKeyFrom(der) }),
  'ENCRYPTED PRIVATE KEY': (der) => ({ type: 'encrypted-private-key', der }),
  'CERTIFICATE REQUEST': (der) => ({ type: 'certificate-request', request: parseCertificateRequest(der) }),
  'NEW CERTIFICATE REQUEST': (der) => ({
    type: 'certificate-request',
    request: parseCertificateRequest(der),
  }),
  'X509 CRL': (der) => ({ type: 'crl', crl: parseCrl(der) }),
  PKCS7: (der) => ({ type: 'certificate-bundle', der }),
  CMS: (der) => ({ type: 'certificate-bundle', der }),
}

/**
 * The blocks of a PEM text in its order, each parsed as what its label says. Text between the blocks is passed over, and
 * a label that is not known here gives an `other`. Private keys come out as PKCS#8, and the caller overwrites them.
 *
 * @throws {PkiError} `invalid_encoding`: the text is no PEM, or a block in it is broken; none at all is an empty list
 * @throws {PkiError} `invalid_der` | `der_limit_exceeded` | `invalid_structure` | `invalid_key` | `unsupported_algorithm` |
 * `weak_key`: a block is not what its label says
 */
export function readPemBundle(text: string): PemItem[] {
  return pemDecodeAll(text).map(({ label, der }) => {
    const read = Object.hasOwn(readers, label) ? readers[label] : undefined
    return read === undefined ? { type: 'other', label, der } : read(der)
  })
}
