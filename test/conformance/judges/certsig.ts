import { parseCertificate } from '@certwright/core'
import { bytes, cryptoLimit, type Judge } from '../judge.js'
import { isVerified } from './verified.js'

export const certsig: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  params: ['alg', 'provider'],
  answer(subject) {
    const { signatureAlgorithmDer, tbsDer, signature } = parseCertificate(bytes(subject, 'cert'))
    return isVerified({
      algorithmDer: signatureAlgorithmDer,
      spkiDer: bytes(subject, 'issuerSpki'),
      message: tbsDer,
      signature,
    })
  },
}
