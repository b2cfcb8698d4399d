import { ed25519 } from '@noble/curves/ed25519.js'
import { digestSync } from '../../crypto/digest.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import {
  caOf,
  certificateOf,
  crlOf,
  days,
  leafOf,
  newKey,
  noon,
  type TestCa,
  type TestKey,
} from '../../rules/path/test-certificates.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import {
  encodeResponseData,
  type OcspResponseData,
  type SingleResponse,
} from '../../x509/ocsp-basic-response.js'
import { encodeOcspResponse } from '../../x509/ocsp-response.js'
import { hexDecode } from '../../encoding/hex.js'

export const root = caOf('Root')
export const ca = caOf('CA', { issuer: root })
export const leaf = leafOf(ca)
const good = { kind: 'good' } as const
export const revoked = { kind: 'revoked', revocationTime: days(-2), reason: 'keyCompromise' } as const
export const unknownHere = { kind: 'unknown' } as const
export const unknownExtension: Extension = { oid: '1.2.3', critical: true, valueDer: Uint8Array.of(5, 0) }

const digests = {
  'SHA-1': { oid: '1.3.14.3.2.26', der: '300706052b0e03021a' },
  'SHA-256': { oid: '2.16.840.1.101.3.4.2.1', der: '300b0609608648016503040201' },
} as const

export function certIdOf(
  { serialNumber, issuer }: Certificate,
  by: TestCa,
  digest: keyof typeof digests = 'SHA-1',
) {
  return {
    hashAlgorithm: digests[digest].oid,
    hashAlgorithmDer: hexDecode(digests[digest].der),
    issuerNameHash: digestSync(digest, issuer.der),
    issuerKeyHash: digestSync(digest, parsePublicKey(by.key.spkiDer).keyBits),
    serialNumber,
  }
}

export const single = (change: Partial<SingleResponse> = {}): SingleResponse => ({
  certId: certIdOf(leaf, ca),
  status: good,
  thisUpdate: days(-1, noon),
  nextUpdate: days(1),
  extensions: [],
  ...change,
})

export interface ResponseSpec extends Partial<OcspResponseData> {
  readonly by?: { readonly key: TestKey; readonly certificate: Certificate }
  readonly certificates?: readonly Certificate[]
}

export function responseOf({ by = ca, certificates = [], ...change }: ResponseSpec = {}): Uint8Array {
  const { identifierDer } = signatureAlgorithms.Ed25519
  const tbsDer = encodeResponseData({
    responderId: { byName: by.certificate.subject },
    producedAt: days(-0.5),
    responses: [single()],
    extensions: [],
    ...change,
  })
  const signature = ed25519.sign(tbsDer, by.key.secretKey)
  const signed = { tbsDer, signatureAlgorithmDer: identifierDer, signature }
  return encodeOcspResponse(
    signed,
    certificates.map(({ der }) => der),
  )
}

export const later = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000)

/** Somebody whom the CA has certified to answer. */
export function responderOf(
  change: {
    readonly issuer?: TestCa
    readonly extensions?: readonly Extension[]
    readonly notBefore?: Date
    readonly notAfter?: Date
  } = {},
) {
  const key = newKey()
  const { issuer = ca, extensions = [forOcsp] } = change
  const certificate = certificateOf({ name: 'Responder', key, ...change, issuer, extensions })
  return { key, certificate, by: { key, certificate }, certificates: [certificate] }
}

export const revoking = ({ serialNumber }: Certificate) =>
  crlOf({ issuer: ca, entries: [{ serialNumber, revocationDate: days(-2) }] })

export const forOcsp = createExtension(extendedKeyUsage, [keyPurposes.ocspSigning], { critical: false })
