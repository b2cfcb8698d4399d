import { equalBytes } from '../encoding/bytes.js'
import { type Certificate, parseCertificate } from '../x509/certificate.js'

/** Certificates that are kept parsed. A process rarely signs below more issuers; each takes a few kilobytes. */
const capacity = 256

/** Parsed certificates of issuers and responders: each is parsed once, and not for everything that it signs. */
export interface CertificateCache {
  /**
   * The parsed form of `der`. Bytes decide, not the id: a CA with another certificate is parsed again.
   *
   * @param id of the CA, or what else names one certificate at a time
   */
  parse(id: string, der: Uint8Array): Certificate
}

export function certificateCache(): CertificateCache {
  const parsed = new Map<string, Certificate>()
  return {
    parse(id, der) {
      const known = parsed.get(id)
      if (known !== undefined && equalBytes(known.der, der)) return known
      const certificate = parseCertificate(der)
      if (parsed.size >= capacity)
        for (const oldest of parsed.keys()) {
          parsed.delete(oldest)
          break
        }
      parsed.set(id, certificate)
      return certificate
    },
  }
}
