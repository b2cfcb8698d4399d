import { signatureAlgorithms } from '../crypto/signature-algorithms.js'
import type { Deps } from '../steps/deps.js'
import type { SigningIdentity } from '../steps/stages.js'
import { encodeTbsCertList, type TbsCertList } from '../x509/certificate-revocation-list.js'
import { sign } from './sign.js'

/**
 * @param list its number is reserved
 * @param slabs the entries, encoded, in order
 */
export async function signCrl(
  list: Omit<TbsCertList, 'signatureAlgorithmDer'>,
  slabs: readonly Uint8Array[],
  identity: SigningIdentity,
  deps: Deps,
): Promise<Uint8Array> {
  const signatureAlgorithmDer = signatureAlgorithms[identity.signatureAlgorithm].identifierDer
  const envelope = encodeTbsCertList({ ...list, signatureAlgorithmDer }, slabs)
  return envelope.seal(await sign(envelope.tbsDer, identity, deps))
}
