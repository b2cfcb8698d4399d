import { X509Certificate } from 'node:crypto'
import type { ChainQuestion } from '@certwright/testing'

/** Who has signed it, is it in date, is it for this name: what most people write, and not enough. */
export function naiveValidator(question: ChainQuestion): boolean {
  const anchors = question.trustAnchors.map((der) => new X509Certificate(der))
  const intermediates = question.intermediates.map((der) => new X509Certificate(der))
  let certificate = new X509Certificate(question.certificate)
  if (certificate.checkHost(question.identity.value) === undefined) return false
  for (let depth = 0; depth < 10; depth++) {
    if (question.at < new Date(certificate.validFrom) || question.at > new Date(certificate.validTo))
      return false
    const issuer = [...anchors, ...intermediates].find(({ subject }) => subject === certificate.issuer)
    if (issuer === undefined || !certificate.verify(issuer.publicKey)) return false
    if (anchors.includes(issuer)) return true
    certificate = issuer
  }
  return false
}
