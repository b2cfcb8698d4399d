import { CommandError } from '../command-error.js'

/**
 * The address that certificates carry for CRLs, OCSP and issuer certificates. RFC 5280 §8: an HTTPS URL may need the very
 * CRL that it points to.
 */
export function readPublicUrl(text: string): string {
  const isPlain = /^http:\/\/[\x21-\x7e]{1,200}$/.test(text) && URL.canParse(text) && !/[?#@]/.test(text)
  if (isPlain) return text.replace(/\/+$/, '')
  throw new CommandError(
    'usage',
    'cannot serve: --public-url takes a URL that begins with http:// and has no query; CRLs and OCSP answers are signed, and are fetched without TLS',
  )
}
