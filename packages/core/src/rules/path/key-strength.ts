import { assertUsableKey, parsePublicKey, type PublicKey } from '../../crypto/public-key.js'
import { isPkiError } from '../../errors/pki-error.js'
import type { Certificate } from '../../x509/certificate.js'

/** @returns why no path should rest on this key; `undefined`: nothing is known against it */
export function keyFault(publicKey: PublicKey): string | undefined {
  return refusal(() => assertUsableKey(publicKey))
}

/** A CA's key is looked at once for each parsed certificate: for RSA that takes longer than signing with P-256. */
const faultsOfIssuers = new WeakMap<Certificate, { readonly fault: string | undefined }>()

export function issuerKeyFault(issuer: Certificate): string | undefined {
  const known = faultsOfIssuers.get(issuer)
  if (known !== undefined) return known.fault
  const fault = refusal(() => assertUsableKey(parsePublicKey(issuer.spkiDer)))
  faultsOfIssuers.set(issuer, { fault })
  return fault
}

function refusal(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (isPkiError(error)) return error.message
    throw error
  }
}
