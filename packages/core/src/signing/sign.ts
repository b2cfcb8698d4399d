import { parsePublicKey } from '../crypto/public-key.js'
import { signatureAlgorithms } from '../crypto/signature-algorithms.js'
import { verifySignature } from '../crypto/verify.js'
import { PkiError } from '../errors/pki-error.js'
import type { Deps } from '../steps/deps.js'
import type { SigningIdentity } from '../steps/stages.js'
import type { SignedData } from '../x509/signed-data.js'

/** Keys that are remembered as proven; above it the oldest are proven again. */
const provenKeysLimit = 10_000

/**
 * The one shape of everything that is signed (certificate, CRL, OCSP response), and the only caller of custody.sign.
 *
 * @throws {PkiError} what custody throws, and `custody_signature_invalid`
 */
export async function sign(tbsDer: Uint8Array, identity: SigningIdentity, deps: Deps): Promise<SignedData> {
  const { keyId, signatureAlgorithm: algorithm, passphrase } = identity
  const signature = await deps.custody.sign({
    keyId,
    algorithm,
    message: tbsDer,
    ...(passphrase !== undefined && { passphrase }),
  })
  const signed = { tbsDer, signatureAlgorithmDer: signatureAlgorithms[algorithm].identifierDer, signature }
  if (mustBeProven(identity, deps)) await proveKey(signed, identity, deps)
  return signed
}

/**
 * Custody is a remote module as often as not. The first signature of each key in a process is verified, which finds a
 * key that is mixed up with another; every RSA signature is, because a fault in the CRT computation gives the private
 * key away with one bad signature (Boneh, DeMillo, Lipton 1997), and verifying costs a thirtieth of signing.
 */
const mustBeProven = ({ keyId, signatureAlgorithm }: SigningIdentity, deps: Deps): boolean =>
  signatureAlgorithms[signatureAlgorithm].family === 'RSA' || !deps.provenKeys.has(keyId)

async function proveKey(signed: SignedData, identity: SigningIdentity, deps: Deps): Promise<void> {
  const { keyId, signatureAlgorithm, spkiDer } = identity
  const isMadeByKey = await verifySignature(deps.crypto, {
    algorithm: signatureAlgorithms[signatureAlgorithm],
    publicKey: parsePublicKey(spkiDer),
    message: signed.tbsDer,
    signature: signed.signature,
  })
  if (!isMadeByKey) {
    throw new PkiError(
      'custody_signature_invalid',
      `Cannot sign: custody gave a signature that key ${keyId} did not make`,
      {
        keyId,
      },
    )
  }
  if (deps.provenKeys.size >= provenKeysLimit) deps.provenKeys.clear()
  deps.provenKeys.add(keyId)
}
