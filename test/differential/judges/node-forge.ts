import forge from 'node-forge'
import type { Judge } from './judge.js'

const { pki, asn1, util } = forge

const read = (der: Uint8Array) =>
  pki.certificateFromAsn1(asn1.fromDer(util.createBuffer(Buffer.from(der).toString('latin1'))))

/** RSA only, and a chain in the order of a TLS handshake. It throws what it finds wrong. */
export const nodeForge: Judge = {
  name: 'node-forge',
  version: '1.4.3',
  limits: { revocation: false, policies: false, keys: ['RSA-2048'], disorder: false },
  checksIdentity: false,
  judge: ({ question }) =>
    pki.verifyCertificateChain(
      pki.createCaStore(question.trustAnchors.map(read)),
      [question.certificate, ...question.intermediates].map(read),
      { validityCheckDate: question.at },
    ),
}
