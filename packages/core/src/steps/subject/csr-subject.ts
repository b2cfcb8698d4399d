import { assertUsableKey, parsePublicKey } from '../../crypto/public-key.js'
import { findSignatureAlgorithm } from '../../crypto/signature-algorithms.js'
import { verifySignature } from '../../crypto/verify.js'
import type { CsrRefusal, PkiErrorCode } from '../../errors/codes.js'
import { isPkiError, PkiError } from '../../errors/pki-error.js'
import { requireKeyAlgorithm } from '../../rules/profile/apply-profile.js'
import { checkCsr, type CsrNames } from '../../rules/profile/check-csr.js'
import type { Profile } from '../../rules/profile/profile.js'
import { type CertificateRequest, parseCertificateRequest } from '../../x509/certificate-request.js'
import type { Deps } from '../deps.js'
import type { Subject } from './subject.js'

/** The key of a CSR, proved, and the names that it asks for. */
export interface CsrSubject extends Pick<Subject, 'publicKey'> {
  readonly requested: CsrNames
}

/**
 * A CSR is a request, not an authority: its key is taken once the possession of the private key is proved, its names go
 * through the profile, and what else it asks for is refused unless the profile would write it anyway.
 *
 * @throws {PkiError} `invalid_csr` | `weak_key` | `unsupported_algorithm` | `profile_refused` | `name_refused`
 */
export async function csrSubject(csrPem: string, profile: Profile, deps: Deps): Promise<CsrSubject> {
  const csr = await asCsrFault('malformed', () => parseCertificateRequest(csrPem))
  const publicKey = await asCsrFault('key', () => parsePublicKey(csr.spkiDer))
  assertUsableKey(publicKey)
  requireKeyAlgorithm(profile, publicKey)
  const requested = await asCsrFault('extension', () => checkCsr(profile, { publicKey, ...csr }))
  await provePossession(csr, publicKey, deps)
  return { publicKey, requested }
}

/** @throws {PkiError} `invalid_csr` / `signature` */
export async function provePossession(
  csr: CertificateRequest,
  publicKey: Subject['publicKey'],
  deps: Deps,
): Promise<void> {
  const algorithm = findSignatureAlgorithm(csr.signatureAlgorithmDer)
  const signed = { algorithm, publicKey, message: csr.tbsDer, signature: csr.signature }
  const isProved = await asCsrFault('key', () => verifySignature(deps.crypto, signed))
  if (!isProved) throw refusal('signature', 'its signature does not verify with its own key')
}

/** What parsers say of DER and offsets, and providers of a key. */
const parserCodes: ReadonlySet<PkiErrorCode> = new Set<PkiErrorCode>([
  'invalid_encoding',
  'invalid_der',
  'der_limit_exceeded',
  'invalid_structure',
  'invalid_key',
])

/** The caller is told that it is the CSR that is at fault. */
async function asCsrFault<T>(reason: CsrRefusal, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isPkiError(error) && parserCodes.has(error.code))
      throw refusal(reason, `${subjects[reason]}: ${stateOf(error)}`, error)
    throw error
  }
}

/** What of the CSR a parser's sentence is about. */
const subjects: Readonly<Record<CsrRefusal, string>> = {
  malformed: 'it cannot be read',
  key: 'its key cannot be used',
  extension: 'an extension that it asks for cannot be read',
  attribute: 'an attribute cannot be read',
  signature: 'its signature cannot be read',
}

/** `Cannot read RSA public key: …` without its action, which is ours now. */
const stateOf = ({ message }: Error): string => message.replace(/^(?:Cannot [^:]{1,80}: )+/, '')

function refusal(reason: CsrRefusal, state: string, cause?: unknown): PkiError<'invalid_csr'> {
  return new PkiError('invalid_csr', `Cannot use CSR: ${state}`, { reason }, { cause })
}
