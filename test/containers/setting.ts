import { createAuthority, isPkiError, operator, pemDecode, type PkiErrorCode } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { fromBER, Integer, OctetString, Sequence } from 'asn1js'

export const asHost = { principal: operator('tests') }

export const newAuthority = () =>
  createAuthority({ storage: memoryStorage(), custody: memoryCustody({ scrypt: { N: 2, r: 1, p: 1 } }) })

/** What a subscriber has in hands: a key, its certificate, and the issuers, which are given here root first. */
export async function issued() {
  const authority = newAuthority()
  const root = await authority.createRoot({ name: 'Root' }, asHost)
  const issuing = await authority.createIntermediate({ name: 'Issuing', parentCaId: root.id }, asHost)
  const request = { caId: issuing.id, commonName: 'www.example.org' }
  const { certificate, privateKeyPem = '' } = await authority.issue(request, asHost)
  const chain = [root.certificatePem, issuing.certificatePem]
  return {
    privateKeyPem,
    pkcs8Der: pemDecode(privateKeyPem, 'PRIVATE KEY'),
    certificatePem: certificate.certificatePem,
    chain,
    chainDer: [issuing.certificatePem, root.certificatePem].map((pem) => pemDecode(pem, 'CERTIFICATE')),
    certificateDer: certificate.certificateDer,
  }
}

/** The code of a refusal; 'none' where there is none. What is no PkiError is a bug and goes on. */
export async function refusal(work: () => unknown): Promise<PkiErrorCode | 'none'> {
  try {
    await work()
  } catch (error) {
    if (isPkiError(error)) return error.code
    throw error
  }
  return 'none'
}

/** DER with another value in place of each INTEGER that has this one. */
export function withInteger(der: Uint8Array, about: { from: number; to: number }): Uint8Array {
  const change = (element: unknown): void => {
    if (!(element instanceof Sequence)) return
    element.valueBlock.value = element.valueBlock.value.map((inner) => {
      change(inner)
      const isMeant = inner instanceof Integer && inner.valueBlock.valueDec === about.from
      return isMeant ? new Integer({ value: about.to }) : inner
    })
  }
  const { result } = fromBER(Uint8Array.from(der), { parseEmbedded: false })
  change(result)
  return new Uint8Array(result.toBER())
}

/** The same octet string in two pieces and with an indefinite length: BER, as NSS and macOS write it. */
export function indefiniteOctetString(octets: Uint8Array): Uint8Array {
  const piece = new Uint8Array(new OctetString({ valueHex: Uint8Array.from(octets) }).toBER())
  return Uint8Array.of(0x24, 0x80, ...piece, 0, 0)
}
