import { Certificate, CertificateChainValidationEngine } from 'pkijs'
import type { Judge } from './judge.js'

const read = (der: Uint8Array): Certificate => Certificate.fromBER(Uint8Array.from(der))

/** Its engine for chains. It compares no names with the one that is asked for. */
export const pkijs: Judge = {
  name: 'PKI.js',
  version: '4.0.0',
  limits: { revocation: false },
  checksIdentity: false,
  async judge({ question }) {
    const engine = new CertificateChainValidationEngine({
      trustedCerts: question.trustAnchors.map(read),
      // The end entity last, as its documentation has it.
      certs: [...question.intermediates, question.certificate].map(read),
      checkDate: question.at,
    })
    return (await engine.verify()).result
  },
}
