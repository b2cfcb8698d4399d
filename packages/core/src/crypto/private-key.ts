import { DerReader } from '../asn1/der-reader.js'
import { Tag } from '../asn1/tags.js'
import { pemDecodeAll } from '../encoding/pem.js'
import { rsaKeyIdentifierDer } from './key-algorithms.js'
import { ecIdentifier, encodePkcs8, parsePrivateKey, readEcPrivateKey } from './pkcs8.js'
import { encryptedKey, invalidKey } from './private-key-error.js'

/**
 * A private key as PKCS#8, from a PEM text or DER, each in PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE
 * KEY`). PEM blocks of other kinds are passed over: OpenSSL writes `EC PARAMETERS` in front, bundles carry certificates.
 *
 * @returns DER that `parsePrivateKey` has accepted
 * @throws {PkiError} `invalid_encoding`: no PEM
 * @throws {PkiError} `invalid_key`: no private key, several, an encrypted one, or one that is malformed
 * @throws {PkiError} `invalid_der` | `unsupported_algorithm` | `weak_key`
 */
export function privateKeyFrom(pemOrDer: string | Uint8Array): Uint8Array {
  const pkcs8Der = toPkcs8(typeof pemOrDer === 'string' ? onlyPrivateKey(pemOrDer) : pemOrDer)
  parsePrivateKey(pkcs8Der)
  return pkcs8Der
}

function onlyPrivateKey(pem: string): Uint8Array {
  const [block, ...others] = pemDecodeAll(pem).filter(({ label }) => label.endsWith('PRIVATE KEY'))
  if (block === undefined) throw invalidKey('there is no "-----BEGIN PRIVATE KEY-----" line')
  if (others.length > 0) throw invalidKey(`there are ${others.length + 1} private keys where one is expected`)
  switch (block.label) {
    case 'PRIVATE KEY':
    case 'RSA PRIVATE KEY':
    case 'EC PRIVATE KEY':
      return block.der
    case 'ENCRYPTED PRIVATE KEY':
      throw encryptedKey()
    default:
      throw invalidKey(`"${block.label}" is no form that is supported: convert it to PKCS#8`)
  }
}

/** The type of the second element tells the forms apart. */
function toPkcs8(der: Uint8Array): Uint8Array {
  const reader = new DerReader(der).sequence()
  if (reader.peekTag() === Tag.sequence) throw encryptedKey()
  reader.integerBytes()
  switch (reader.peekTag()) {
    case Tag.sequence:
      return der
    case Tag.integer:
      return encodePkcs8(rsaKeyIdentifierDer, der)
    case Tag.octetString:
      return encodePkcs8(curveIdentifier(der), der)
    default:
      throw invalidKey('it is neither PKCS#8 nor PKCS#1 nor SEC 1')
  }
}

function curveIdentifier(der: Uint8Array): Uint8Array {
  const { curveDer } = readEcPrivateKey(der)
  if (curveDer === undefined) throw invalidKey('it does not name its curve')
  return ecIdentifier(curveDer)
}
