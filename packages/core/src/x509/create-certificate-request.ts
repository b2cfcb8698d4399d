import { defaultSignatureAlgorithm } from '../crypto/key-use.js'
import type { SigningKey } from '../crypto/provider.js'
import { signatureAlgorithms } from '../crypto/signature-algorithms.js'
import { encodeCertificationRequestInfo, extensionRequest } from './certificate-request.js'
import { createExtension } from './extension.js'
import { subjectAltName } from './extensions/subject-alt-name.js'
import type { GeneralName } from './general-name.js'
import type { Name } from './name.js'
import { encodeSignedData } from './signed-data.js'

/**
 * Make a certification request (RFC 2986), as a subscriber does: the subject, the names, and a signature that proves the
 * possession of the private key.
 *
 * @param key signs with the default algorithm of its type: `provider.importSigningKey`
 * @returns CertificationRequest, DER
 */
export async function createCertificateRequest(
  asked: { readonly subject: Name; readonly subjectAltNames?: readonly GeneralName[] },
  key: SigningKey,
): Promise<Uint8Array> {
  const { subject, subjectAltNames = [] } = asked
  const extensions =
    subjectAltNames.length === 0
      ? []
      : [createExtension(subjectAltName, subjectAltNames, { critical: false })]
  const attributes = extensions.length === 0 ? [] : [extensionRequest(extensions)]
  const tbsDer = encodeCertificationRequestInfo({ subject, spkiDer: key.spkiDer, attributes })
  const algorithm = defaultSignatureAlgorithm(key.keyAlgorithm, key.spkiDer)
  const signature = await key.sign(algorithm, tbsDer)
  return encodeSignedData({
    tbsDer,
    signatureAlgorithmDer: signatureAlgorithms[algorithm].identifierDer,
    signature,
  })
}
