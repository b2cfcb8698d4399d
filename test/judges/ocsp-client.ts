import { askOpenssl, attime, type Files, openssl, opensslMakes, type Outcome } from './openssl.js'
import { certificatesPem } from './verify-path.js'

export interface OcspAnswerQuestion {
  /** The CA's certificate, its issuer's, and so on up to the root, which is trusted. */
  readonly chainDer: readonly Uint8Array[]
  readonly at: Date
  /** The certificate whose status is looked for; none: only the signature is verified. */
  readonly certificateDer?: Uint8Array
  /** Whose signature counts, whatever it is about; else that of who may speak for the issuer (§4.2.2.2). */
  readonly trustedSignerDer?: Uint8Array | undefined
}

/** What `openssl ocsp` says of a response that was asked for elsewhere (RFC 6960 §3.2). */
export function opensslReadsOcsp(responseDer: Uint8Array, question: OcspAnswerQuestion): Promise<Outcome> {
  const { at, certificateDer } = question
  const signer = signing(question)
  const files: Files = {
    'response.der': responseDer,
    ...signer.files,
    ...(certificateDer !== undefined && { 'certificate.pem': certificatesPem([certificateDer]) }),
  }
  const asked = certificateDer === undefined ? [] : ['-cert', 'certificate.pem']
  const path = [...signer.args, ...attime(at), ...anyTime]
  return askOpenssl(['ocsp', '-respin', 'response.der', '-resp_text', '-no_nonce', ...path, ...asked], files)
}

/** What `openssl ocsp` asks about. */
export interface OcspQuestion extends Pick<OcspAnswerQuestion, 'chainDer' | 'trustedSignerDer'> {
  readonly certificatesDer?: readonly Uint8Array[]
  /** As `0x1A`. */
  readonly serials?: readonly string[]
  /** They stand in front of the certificates, since `-sha256` is for what follows. */
  readonly options?: readonly string[]
}

/** A request in DER, as openssl makes it. */
export async function opensslAsks(question: OcspQuestion): Promise<Uint8Array> {
  const { files, args } = asking({ options: ['-no_nonce'], ...question })
  const made = await opensslMakes(['request.der'], [['ocsp', ...args, '-reqout', 'request.der']], files)
  return made['request.der']
}

/** The real client: `openssl ocsp -url`. It fails where the answer does not verify. */
export function opensslOcspClient(url: string, question: OcspQuestion): Promise<string> {
  const { files, args } = asking(question)
  return openssl(['ocsp', '-url', url, ...args], files)
}

function asking(question: OcspQuestion): { args: readonly string[]; files: Files } {
  const { certificatesDer = [], serials = [], options = [] } = question
  const signer = signing(question)
  const certificates = certificatesDer.map(
    (der, i) => [`certificate-${i}.pem`, certificatesPem([der])] as const,
  )
  return {
    files: { ...signer.files, ...Object.fromEntries(certificates) },
    args: [
      ...options,
      ...signer.args,
      ...certificates.flatMap(([name]) => ['-cert', name]),
      ...serials.flatMap((serial) => ['-serial', serial]),
    ],
  }
}

/** Who is asked about, and whose signature is taken. `-verify_other` is where the responder's path is looked for. */
function signing({ chainDer, trustedSignerDer }: Pick<OcspAnswerQuestion, 'chainDer' | 'trustedSignerDer'>): {
  args: readonly string[]
  files: Files
} {
  return {
    args: [
      '-issuer',
      'issuer.pem',
      '-CAfile',
      'root.pem',
      ...(trustedSignerDer === undefined ? ['-verify_other', 'chain.pem'] : ['-VAfile', 'signer.pem']),
    ],
    files: {
      'issuer.pem': certificatesPem(chainDer.slice(0, 1)),
      'root.pem': certificatesPem(chainDer.slice(-1)),
      'chain.pem': certificatesPem(chainDer),
      'signer.pem': certificatesPem(trustedSignerDer === undefined ? [] : [trustedSignerDer]),
    },
  }
}

/** Unlike the path, thisUpdate and nextUpdate are always held against the clock of the machine: allow a century. */
const anyTime = ['-validity_period', String(100 * 366 * 86_400)]
