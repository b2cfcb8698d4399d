import { sha1KeyIdentifier } from '../../crypto/key-identifier.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import type { CaRecord } from '../../ports/records.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { signingIdentity } from '../../steps/issuer/find-issuer.js'
import type { SigningIdentity } from '../../steps/stages.js'

/** Who signs the answers for a CA. */
export interface Responder {
  readonly identity: SigningIdentity
  /** RFC 6960 §4.2.1: SHA-1 of the key's BIT STRING content. It only names the key; nothing rests on it. */
  readonly keyHash: Uint8Array
  /** The delegated responder's certificate; none where the CA signs itself. */
  readonly certificatesDer: readonly Uint8Array[]
}

/** The CA itself, or, where its key is locked, its delegated responder while that is valid. */
export function findResponder(ca: CaRecord, deps: Deps): Responder | undefined {
  if (!ca.hasPassphrase) {
    const { spkiDer } = deps.certificates.parse(ca.id, ca.certificateDer)
    return {
      identity: signingIdentity(ca, spkiDer, undefined),
      keyHash: keyHashOf(spkiDer),
      certificatesDer: [],
    }
  }
  const responder = ca.ocspResponder
  if (responder === undefined || responder.notAfter < currentTime(deps)) return undefined
  const { spkiDer } = deps.certificates.parse(responder.keyId, responder.certificateDer)
  const identity = signingIdentity({ ...responder, hasPassphrase: false }, spkiDer, undefined)
  return { identity, keyHash: keyHashOf(spkiDer), certificatesDer: [responder.certificateDer] }
}

const keyHashOf = (spkiDer: Uint8Array): Uint8Array => sha1KeyIdentifier(parsePublicKey(spkiDer).keyBits)
