import {
  findSignatureAlgorithm,
  isPkiError,
  knownExtensions,
  parseName,
  parsePublicKey,
  privateKeyFrom,
} from '@certwright/core'
import { readCertificateBundle } from '@certwright/containers'
import { parsers } from '../conformance/judges/parsers.js'

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
