import { equalBytes } from '../../encoding/bytes.js'
import { hexEncode } from '../../encoding/hex.js'
import type { Certificate } from '../../x509/certificate.js'

/** Remembers which signatures have been verified: that of `certificate` by the key of `issuer`. */
export interface SignatureMemory {
  recall(certificate: Certificate, issuer: Certificate): boolean | undefined
  remember(certificate: Certificate, issuer: Certificate, isValid: boolean): void
}

/** Intermediates of a trust store that is in use: a thousand, of a kilobyte or two. */
const defaultLimit = 1000

/** The end of a signature tells certificates apart, as nothing else that is at hand without a digest. */
const markOctets = 16

/**
 * A memory for many validations against the same CAs: the signature on an intermediate is verified once, and not for
 * every end entity below it. Bytes decide, of the certificate and of the key; only what has verified is kept, so that
 * nobody fills it with forgeries.
 *
 * @param options.limit signatures that are kept; the oldest give way. 1 to 1,000,000, default 1,000
 * @throws {RangeError} a limit outside these
 */
export function createSignatureMemory(options: { readonly limit?: number } = {}): SignatureMemory {
  const { limit = defaultLimit } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
    throw new RangeError(`limit: expected 1 to 1000000, got ${limit}`)
  }
  const known = new Map<string, { readonly der: Uint8Array; readonly spkiDer: Uint8Array }>()
  return {
    recall(certificate, issuer) {
      const kept = known.get(markOf(certificate))
      if (kept === undefined || !equalBytes(kept.der, certificate.der)) return undefined
      return equalBytes(kept.spkiDer, issuer.spkiDer) ? true : undefined
    },
    remember(certificate, issuer, isValid) {
      if (!isValid) return
      if (known.size >= limit)
        for (const oldest of known.keys()) {
          known.delete(oldest)
          break
        }
      known.set(markOf(certificate), { der: certificate.der, spkiDer: issuer.spkiDer })
    },
  }
}

const markOf = ({ signature }: Certificate): string => hexEncode(signature.subarray(-markOctets))
