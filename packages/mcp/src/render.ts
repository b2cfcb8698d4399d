import { type CaInfo, type CertificateInfo, type IssuedCertificate, renewalWindow } from '@certwright/core'

/*
 * What an agent reads: the fields of the library, times as ISO 8601, without the DER that PEM says again.
 */

export const renderCa = (ca: CaInfo) => ({
  id: ca.id,
  name: ca.name,
  commonName: ca.commonName,
  ...(ca.organization !== undefined && { organization: ca.organization }),
  type: ca.parentCaId === undefined ? 'root' : 'intermediate',
  ...(ca.parentCaId !== undefined && { parentCaId: ca.parentCaId }),
  ...(ca.pathLength !== undefined && { pathLength: ca.pathLength }),
  keyAlgorithm: ca.keyAlgorithm,
  notBefore: ca.notBefore.toISOString(),
  notAfter: ca.notAfter.toISOString(),
  needsPassphrase: ca.hasPassphrase,
})

export const renderSummary = (certificate: CertificateInfo, now: Date) => ({
  id: certificate.id,
  caId: certificate.caId,
  serialNumber: certificate.serialNumber,
  commonName: certificate.commonName,
  sanDns: certificate.sanDns,
  sanIp: certificate.sanIp,
  ...(certificate.sanEmail.length > 0 && { sanEmail: certificate.sanEmail }),
  ...(certificate.sanUri.length > 0 && { sanUri: certificate.sanUri }),
  mode: certificate.mode,
  profile: certificate.profile,
  keyAlgorithm: certificate.keyAlgorithm,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
  status: statusOf(certificate, now),
  ...(certificate.revokedAt && { revokedAt: certificate.revokedAt.toISOString() }),
  ...(certificate.revocationReason && { revocationReason: certificate.revocationReason }),
  ...(certificate.renewedFrom !== undefined && { renewedFrom: certificate.renewedFrom }),
})

export function renderCertificate(certificate: CertificateInfo, now: Date) {
  const { suggested, isDue } = renewalWindow(certificate, now)
  return {
    ...renderSummary(certificate, now),
    renewal: { suggestedAt: suggested.toISOString(), isDue },
    certificatePem: certificate.certificatePem,
  }
}

export const renderIssued = (issued: IssuedCertificate, now: Date) => ({
  certificate: renderCertificate(issued.certificate, now),
  replayed: issued.replayed,
  ...(issued.privateKeyPem !== undefined && { privateKeyPem: issued.privateKeyPem }),
})

/** notAfter is inclusive (RFC 5280 §4.1.2.5). */
function statusOf(certificate: CertificateInfo, now: Date): 'active' | 'expired' | 'held' | 'revoked' {
  if (certificate.revokedAt !== undefined) {
    return certificate.revocationReason === 'certificateHold' ? 'held' : 'revoked'
  }
  return certificate.notAfter.getTime() + 1000 > now.getTime() ? 'active' : 'expired'
}
