import type { Deps } from '../steps/deps.js'
import type { SigningIdentity } from '../steps/stages.js'
import { encodeResponseData, type OcspResponseData } from '../x509/ocsp-basic-response.js'
import { encodeOcspResponse } from '../x509/ocsp-response.js'
import { sign } from './sign.js'

/** @param certificatesDer the delegated responder's certificate; none where the CA itself signs */
export async function signOcspResponse(
  data: OcspResponseData,
  identity: SigningIdentity,
  certificatesDer: readonly Uint8Array[],
  deps: Deps,
): Promise<Uint8Array> {
  const signed = await sign(encodeResponseData(data), identity, deps)
  return encodeOcspResponse(signed, certificatesDer)
}
