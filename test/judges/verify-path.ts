import { pemEncode } from '@certwright/core'
import { askOpenssl, attime, type Files, type Outcome } from './openssl.js'

/** What `openssl verify` is asked about a certificate. */
export interface PathQuestion {
  readonly certificateDer: Uint8Array
  /** Its issuer, the issuer's, and so on up to the root, which is trusted. */
  readonly chainDer: readonly Uint8Array[]
  readonly at: Date
  readonly purpose?: 'sslserver' | 'sslclient' | 'smimesign' | 'crlsign' | 'ocsphelper'
  readonly hostname?: string
  readonly address?: string
  readonly email?: string
  /** With lists, the certificate is looked up in its issuer's; all of the path where there is one of every CA. */
  readonly crlsDer?: readonly Uint8Array[]
  readonly checkWholePath?: boolean
  /** Also by delta CRLs and by lists that are a part of all (`-extended_crl -use_deltas`). */
  readonly takesParts?: boolean
}

/** RFC 5280 §6, with every rule that OpenSSL otherwise forgives (`-x509_strict`). */
export function opensslVerifies(question: PathQuestion): Promise<Outcome> {
  const { certificateDer, chainDer, at, purpose, hostname, address, email, crlsDer } = question
  const options = Object.entries({
    purpose,
    verify_hostname: hostname,
    verify_ip: address,
    verify_email: email,
  })
  const between = chainDer.slice(0, -1)
  const args = [
    'verify',
    '-x509_strict',
    ...attime(at),
    '-no-CApath',
    '-no-CAstore',
    '-CAfile',
    'root.pem',
    ...(between.length > 0 ? ['-untrusted', 'between.pem'] : []),
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [`-${name}`, value])),
    ...(crlsDer === undefined ? [] : ['-crl_check', '-CRLfile', 'crls.pem']),
    ...(question.checkWholePath === true ? ['-crl_check_all'] : []),
    ...(question.takesParts === true ? ['-extended_crl', '-use_deltas'] : []),
    'certificate.pem',
  ]
  const files: Files = {
    'certificate.pem': certificatesPem([certificateDer]),
    'root.pem': certificatesPem([chainDer.at(-1) ?? certificateDer]),
    'between.pem': certificatesPem(between),
    'crls.pem': (crlsDer ?? []).map((der) => pemEncode('X509 CRL', der)).join(''),
  }
  return askOpenssl(args, files)
}

export const certificatesPem = (list: readonly Uint8Array[]): string =>
  list.map((der) => pemEncode('CERTIFICATE', der)).join('')
