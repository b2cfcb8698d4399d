import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import type { IssuingJob } from './issuing-job.js'

/** The job in @peculiar/x509 2: parse the CSR, verify it, build the certificate, sign it, write it as PEM. */
export function peculiarIssuer({ issuerDer, signingKey, urls }: IssuingJob) {
  const issuer = new x509.X509Certificate(issuerDer)
  const issuerKeyId = issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId ?? ''
  return async (csrPem: string): Promise<string> => {
    const csr = new x509.Pkcs10CertificateRequest(csrPem)
    if (!(await csr.verify())) throw new Error('@peculiar/x509: the CSR does not verify')
    const altName = csr.getExtension('2.5.29.17')
    if (altName === null) throw new Error('@peculiar/x509: the CSR asks for no names')
    const certificate = await x509.X509CertificateGenerator.create({
      subject: csr.subjectName,
      issuer: issuer.subjectName,
      notBefore: new Date(),
      notAfter: new Date(Date.now() + 90 * 86_400_000),
      publicKey: csr.publicKey,
      signingKey,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [
        new x509.AuthorityKeyIdentifierExtension(issuerKeyId),
        await x509.SubjectKeyIdentifierExtension.create(csr.publicKey),
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        altName,
        new x509.CRLDistributionPointsExtension([urls.crl]),
        new x509.AuthorityInfoAccessExtension({ ocsp: urls.ocsp, caIssuers: urls.issuer }),
      ],
    })
    return certificate.toString('pem')
  }
}

/** Parse one certificate and look at what a server looks at. */
export function peculiarRead(der: Uint8Array<ArrayBuffer>): number {
  const certificate = new x509.X509Certificate(der)
  const names = certificate.subjectName.toJSON().length + certificate.issuerName.toJSON().length
  const validity = certificate.notAfter.getTime() - certificate.notBefore.getTime()
  const altName = certificate.getExtension(x509.SubjectAlternativeNameExtension)
  return names + validity + certificate.extensions.length + (altName?.names.items.length ?? 0)
}
