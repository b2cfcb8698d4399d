import * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'
import type { IssuingJob } from './issuing-job.js'

/** The job in PKI.js 4: parse the CSR, verify it, build the certificate, sign it, write it as PEM. */
export function pkijsIssuer({
  issuerDer,
  signingKey,
  urls,
}: IssuingJob): (csrPem: string) => Promise<string> {
  const issuer = pkijs.Certificate.fromBER(issuerDer)
  const issuerKeyId = keyIdentifierOf(issuer)
  return async (csrPem) => {
    const csr = pkijs.CertificationRequest.fromBER(pemBytes(csrPem))
    if (!(await csr.verify())) throw new Error('PKI.js: the CSR does not verify')
    const certificate = new pkijs.Certificate()
    certificate.version = 2
    certificate.serialNumber = new asn1js.Integer({ valueHex: randomSerialNumber().buffer })
    certificate.issuer = issuer.subject
    certificate.subject = csr.subject
    certificate.notBefore.value = new Date()
    certificate.notAfter.value = new Date(Date.now() + 90 * 86_400_000)
    certificate.subjectPublicKeyInfo = csr.subjectPublicKeyInfo
    const keyBits = csr.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
    const subjectKeyId = (await crypto.subtle.digest('SHA-256', new Uint8Array(keyBits))).slice(0, 20)
    const authorityKeyId = { keyIdentifier: new asn1js.OctetString({ valueHex: issuerKeyId }) }
    certificate.extensions = [
      extension('2.5.29.35', new pkijs.AuthorityKeyIdentifier(authorityKeyId).toSchema()),
      extension('2.5.29.14', new asn1js.OctetString({ valueHex: subjectKeyId })),
      extension('2.5.29.19', new pkijs.BasicConstraints({ cA: false }).toSchema(), true),
      extension(
        '2.5.29.15',
        new asn1js.BitString({ valueHex: Uint8Array.of(0x80).buffer, unusedBits: 7 }),
        true,
      ),
      extension(
        '2.5.29.37',
        new pkijs.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] }).toSchema(),
      ),
      requestedAltName(csr),
      extension('2.5.29.31', distributionPoints(urls.crl).toSchema()),
      extension('1.3.6.1.5.5.7.1.1', informationAccess(urls).toSchema()),
    ]
    await certificate.sign(signingKey, 'SHA-256')
    return pem(certificate.toSchema(true).toBER())
  }
}

/** Parse one certificate and look at what a server looks at. */
export function pkijsRead(der: Uint8Array<ArrayBuffer>): number {
  const certificate = pkijs.Certificate.fromBER(der)
  const names = [certificate.subject, certificate.issuer].flatMap(({ typesAndValues }) =>
    typesAndValues.map(({ value }) => value.valueBlock.value),
  )
  const validity = certificate.notAfter.value.getTime() - certificate.notBefore.value.getTime()
  // `parsedValue` is decoded when it is asked for.
  const extensions = (certificate.extensions ?? []).filter(({ parsedValue }) => parsedValue !== undefined)
  const altName = extensions.find(({ extnID }) => extnID === '2.5.29.17')?.parsedValue
  return (
    names.length +
    validity +
    extensions.length +
    (altName instanceof pkijs.AltName ? altName.altNames.length : 0)
  )
}

/** A CRL of these serial numbers, each with a reason, signed. */
export async function pkijsCrl(
  { issuerDer, signingKey }: Pick<IssuingJob, 'issuerDer' | 'signingKey'>,
  serialNumbers: Iterable<Uint8Array<ArrayBuffer>>,
): Promise<number> {
  const issuer = pkijs.Certificate.fromBER(issuerDer)
  const crl = new pkijs.CertificateRevocationList()
  crl.version = 1
  crl.issuer = issuer.subject
  crl.thisUpdate.value = new Date()
  crl.nextUpdate = new pkijs.Time({ value: new Date(Date.now() + 7 * 86_400_000) })
  crl.revokedCertificates = []
  for (const serialNumber of serialNumbers) {
    const entry = new pkijs.RevokedCertificate()
    entry.userCertificate = new asn1js.Integer({ valueHex: serialNumber.buffer })
    entry.revocationDate.value = new Date()
    entry.crlEntryExtensions = new pkijs.Extensions({
      extensions: [extension('2.5.29.21', new asn1js.Enumerated({ value: 1 }))],
    })
    crl.revokedCertificates.push(entry)
  }
  const authorityKeyId = { keyIdentifier: new asn1js.OctetString({ valueHex: keyIdentifierOf(issuer) }) }
  crl.crlExtensions = new pkijs.Extensions({
    extensions: [
      extension('2.5.29.35', new pkijs.AuthorityKeyIdentifier(authorityKeyId).toSchema()),
      extension('2.5.29.20', new asn1js.Integer({ value: 1 })),
    ],
  })
  await crl.sign(signingKey, 'SHA-256')
  return crl.toSchema(true).toBER().byteLength
}

const extension = (extnID: string, value: asn1js.BaseBlock, critical = false): pkijs.Extension =>
  new pkijs.Extension({ extnID, critical, extnValue: value.toBER() })

/** The names that the CSR asks for: its extensionRequest attribute. */
function requestedAltName(csr: pkijs.CertificationRequest): pkijs.Extension {
  const attribute = csr.attributes?.find(({ type }) => type === '1.2.840.113549.1.9.14')
  const requested = new pkijs.Extensions({ schema: attribute?.values[0] })
  const found = requested.extensions.find(({ extnID }) => extnID === '2.5.29.17')
  if (found === undefined) throw new Error('PKI.js: the CSR asks for no names')
  return found
}

const uri = (value: string): pkijs.GeneralName => new pkijs.GeneralName({ type: 6, value })

const distributionPoints = (url: string): pkijs.CRLDistributionPoints =>
  new pkijs.CRLDistributionPoints({
    distributionPoints: [new pkijs.DistributionPoint({ distributionPoint: [uri(url)] })],
  })

const informationAccess = (urls: IssuingJob['urls']): pkijs.InfoAccess =>
  new pkijs.InfoAccess({
    accessDescriptions: [
      new pkijs.AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri(urls.ocsp) }),
      new pkijs.AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.2', accessLocation: uri(urls.issuer) }),
    ],
  })

function keyIdentifierOf(certificate: pkijs.Certificate): ArrayBuffer {
  const found = certificate.extensions?.find(({ extnID }) => extnID === '2.5.29.14')?.parsedValue
  if (!(found instanceof asn1js.OctetString)) throw new Error('PKI.js: the issuer has no key identifier')
  return found.valueBlock.valueHexView.slice().buffer
}

/** Positive, 16 octets: as ours. */
function randomSerialNumber(): Uint8Array<ArrayBuffer> {
  const octets = crypto.getRandomValues(new Uint8Array(16))
  octets[0] = ((octets[0] as number) & 0x3f) | 0x40
  return octets
}

const pemBytes = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text.replace(/-----.*-----|\s/g, ''), 'base64'))

const pem = (der: ArrayBuffer): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`

/** Its chain validation engine, and the name by its own means: it has none, so that only the path is validated. */
export function pkijsPath(chain: {
  readonly intermediate: Uint8Array<ArrayBuffer>
  readonly root: Uint8Array<ArrayBuffer>
  readonly at: Date
}): (der: Uint8Array<ArrayBuffer>) => Promise<void> {
  return async (der) => {
    const engine = new pkijs.CertificateChainValidationEngine({
      trustedCerts: [pkijs.Certificate.fromBER(chain.root)],
      certs: [pkijs.Certificate.fromBER(chain.intermediate), pkijs.Certificate.fromBER(der)],
      checkDate: chain.at,
    })
    const { result, resultMessage } = await engine.verify()
    if (!result) throw new Error(`PKI.js refuses the chain: ${resultMessage}`)
  }
}
