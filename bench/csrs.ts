import { createCertificateRequest, createName, pemEncode, platformCrypto } from '@certwright/core'

const subject = createName({ commonName: 'api.example.org' })
const subjectAltNames = [{ type: 'dns', value: 'api.example.org' }] as const

/** CSRs for P-256, each with a key of its own. */
export async function makeCsrs(length: number): Promise<readonly string[]> {
  const made: string[] = []
  while (made.length < length) {
    const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
    const key = await platformCrypto.importSigningKey(pkcs8Der)
    made.push(
      pemEncode('CERTIFICATE REQUEST', await createCertificateRequest({ subject, subjectAltNames }, key)),
    )
  }
  return made
}
