import { currentTime, type Deps } from '../../steps/deps.js'
import { signingIdentity } from '../../steps/issuer/find-issuer.js'
import type { SigningIdentity } from '../../steps/stages.js'
import type { Certificate } from '../../x509/certificate.js'
import { issuerHashes } from './issuer-hashes.js'
import type { AnsweringCa } from './single-response.js'

/** Who signs the answers for a CA. */
export interface Responder {
  readonly identity: SigningIdentity
  /** RFC 6960 §4.2.1: SHA-1 of the key's BIT STRING content. It only names the key; nothing rests on it. */
  readonly keyHash: Uint8Array
  /** The delegated responder's certificate; none where the CA signs itself. */
  readonly certificatesDer: readonly Uint8Array[]
}

/** The CA itself, or, where its key is locked, its delegated responder while that is valid. */
export function findResponder({ ca, issuer }: AnsweringCa, deps: Deps): Responder | undefined {
  if (!ca.hasPassphrase) {
    return {
      identity: signingIdentity(ca, issuer.spkiDer, undefined),
      keyHash: keyHashOf(issuer),
      certificatesDer: [],
    }
  }
  const responder = ca.ocspResponder
  if (responder === undefined || responder.notAfter < currentTime(deps)) return undefined
  const certificate = deps.certificates.parse(responder.keyId, responder.certificateDer)
  const identity = signingIdentity({ ...responder, hasPassphrase: false }, certificate.spkiDer, undefined)
  return { identity, keyHash: keyHashOf(certificate), certificatesDer: [responder.certificateDer] }
}

const keyHashOf = (certificate: Certificate): Uint8Array => issuerHashes(certificate, 'SHA-1').key
