import { verifyOcspResponse } from '../../../packages/core/src/path.js'
import { bytes, bytesList, cryptoLimit, type Judge, timeOf, truth } from '../judge.js'
import { selfIssuedAmong } from './path-anchors.js'

/** A response and the certificates to verify its signature with: `OCSP_basic_verify` of OpenSSL, in whose terms it asks. */
export const ocspVerify: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  params: ['partialChain', 'noCertChecks'],
  async answer(subject) {
    const trusted = bytesList(subject, 'trusted')
    const { anchors, others } = truth(subject, 'partialChain')
      ? { anchors: trusted, others: [] }
      : selfIssuedAmong(trusted)
    const verdict = await verifyOcspResponse({
      response: bytes(subject, 'response'),
      trustAnchors: anchors,
      certificates: [...bytesList(subject, 'untrusted'), ...others],
      at: timeOf(subject),
      anyResponder: truth(subject, 'noCertChecks'),
      // Its security level 1.
      allowSha1: true,
      minimumRsaBits: 1024,
    })
    return verdict.ok || { refused: 'responder', detail: verdict.because }
  },
}
