import { parsePublicKey } from '../../../crypto/public-key.js'
import { isPkiError } from '../../../errors/pki-error.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { SignedData } from '../../../x509/signed-data.js'
import { type Asking, askSignature } from '../questions.js'

/**
 * Signatures of CRLs and OCSP responses that are verified in one validation: a path has about four certificates, and of
 * each of them there are a few lists, signed by one of a few keys.
 */
const maximumSignatures = 200

/** Remembers what was verified, and stops when that was too much. */
export class SignatureChecks {
  readonly #known = new Map<SignedData, Map<Certificate, boolean>>()
  #left = maximumSignatures

  #of(signed: SignedData): Map<Certificate, boolean> {
    const known = this.#known.get(signed) ?? new Map<Certificate, boolean>()
    this.#known.set(signed, known)
    return known
  }

  *isSignedBy(signed: SignedData, signer: Certificate): Asking<boolean> {
    const known = this.#of(signed)
    const isValid = known.get(signer) ?? (this.#left-- > 0 && (yield* verifies(signed, signer)))
    known.set(signer, isValid)
    return isValid
  }
}

function* verifies(signed: SignedData, { spkiDer }: Certificate): Asking<boolean> {
  try {
    return yield* askSignature(signed, parsePublicKey(spkiDer))
  } catch (error) {
    if (isPkiError(error)) return false
    throw error
  }
}
