import {
  findSignatureAlgorithm,
  isPkiError,
  knownExtensions,
  parseName,
  parsePublicKey,
  privateKeyFrom,
} from '@certwright/core'
import { decryptPrivateKey, readCertificateBundle, readPkcs12 } from '@certwright/containers'
import { pfxDer } from '../../packages/containers/src/pkcs12/pfx.js'
import { parsers } from '../conformance/judges/parsers.js'
import { protection } from './own-containers.js'

/** Of the containers: what they are fuzzed for is how they are read, not how long a key derivation takes. */
const limits = { maximumWork: 10_000 }

/** As what somebody who knows the password can put into a PKCS#12: its MAC lets no mutation through. */
const readUnderMac = async (der: Uint8Array): Promise<unknown> =>
  readPkcs12(await pfxDer(Uint8Array.from(der), protection), protection.password, limits)

/** Every reader of DER that meets input from outside. */
export const targets: ReadonlyMap<string, (der: Uint8Array) => unknown> = new Map<
  string,
  (der: Uint8Array) => unknown
>([
  ...Object.entries(parsers),
  ['name', parseName],
  ['publicKey', parsePublicKey],
  ['privateKey', privateKeyFrom],
  ['signatureAlgorithm', findSignatureAlgorithm],
  ['extension', readAsExtension],
  ['certificateBundle', readCertificateBundle],
  ['encryptedKey', (der) => decryptPrivateKey(der, protection.password, limits)],
  ['pkcs12', (der) => readPkcs12(der, protection.password, limits)],
  ['authenticatedSafe', readUnderMac],
])

/** As each of the extensions that are known. The refusal of the last is told, unless an error is none. */
function readAsExtension(der: Uint8Array): void {
  let refusal: unknown
  let isRead = false
  for (const type of knownExtensions.values()) {
    try {
      type.decode(der)
      isRead = true
    } catch (error) {
      if (!isPkiError(error)) throw error
      refusal = error
    }
  }
  if (!isRead) throw refusal
}
