import { namesMatch, parseCertificate } from '@certwright/core'
import { verifyOcspResponse } from '../../../packages/core/src/path.js'
import { bytes, bytesList, cryptoLimit, type Judge, truth } from '../judge.js'

/** A response and the certificates to verify its signature with: `OCSP_basic_verify` of OpenSSL, in whose terms it asks. */
export const ocspVerify: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  async answer(subject) {
    const trusted = bytesList(subject, 'trusted')
    // Without `-partial_chain`, OpenSSL lets a path end in a self-issued certificate alone.
    const isAnchor = (der: Uint8Array): boolean => truth(subject, 'partialChain') || isSelfIssued(der)
    const verdict = await verifyOcspResponse({
      response: bytes(subject, 'response'),
      trustAnchors: trusted.filter(isAnchor),
      certificates: [...bytesList(subject, 'untrusted'), ...trusted.filter((der) => !isAnchor(der))],
      at: new Date(subject.time ?? '2026-11-23T12:00:00Z'),
      anyResponder: truth(subject, 'noCertChecks'),
      // Its security level 1.
      allowSha1: true,
      minimumRsaBits: 1024,
    })
    return verdict.ok || { refused: 'responder', detail: verdict.because }
  },
}

function isSelfIssued(der: Uint8Array): boolean {
  const { subject, issuer } = parseCertificate(der)
  return namesMatch(subject, issuer)
}
