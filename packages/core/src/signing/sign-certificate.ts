import type { PkiErrorCode } from '../errors/codes.js'
import { isPkiError } from '../errors/pki-error.js'
import type { Deps } from '../steps/deps.js'
import { releaseReservation } from '../steps/recording/release-reservation.js'
import type { ReservedTbs, SignedCertificate, SigningIdentity } from '../steps/stages.js'
import { encodeSignedData } from '../x509/signed-data.js'
import { sign } from './sign.js'

/** With these, custody promises that no signature was made. After anything else one may exist somewhere. */
const certainlyUnsigned: ReadonlySet<PkiErrorCode> = new Set<PkiErrorCode>([
  'custody_key_not_found',
  'custody_unavailable',
  'passphrase_required',
  'wrong_passphrase',
  'unsupported_algorithm',
])

/**
 * Use the CA's key on bytes whose serial number is durable. No transaction is open meanwhile: custody may be slow.
 *
 * @throws {PkiError} what custody throws; where nothing was signed for certain, the reservation is given up, else it
 *   stays open, and the serial number stays known
 */
export async function signCertificate(
  reserved: ReservedTbs,
  identity: SigningIdentity,
  deps: Deps,
): Promise<SignedCertificate> {
  const { tbsDer, ...kept } = reserved
  try {
    const certificateDer = encodeSignedData(await sign(tbsDer, identity, deps))
    return { certificateDer, ...kept } as unknown as SignedCertificate
  } catch (error) {
    if (isPkiError(error) && certainlyUnsigned.has(error.code)) {
      // Where even this fails the reservation stays open, which is safe; the caller is told what custody said.
      await releaseReservation(reserved, deps).catch(() => undefined)
    }
    throw error
  }
}
