import { DerReader } from '../../../packages/core/src/asn1/der-reader.js'
import { bytes, cryptoLimit, type Judge } from '../judge.js'
import { isVerified } from './verified.js'

/** The parts of a signed structure, taken apart: the signature is still a BIT STRING. */
export const signeddata: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  params: [],
  answer(subject) {
    const reader = new DerReader(bytes(subject, 'signature'))
    const signature = reader.octetAlignedBitString()
    reader.finish()
    return isVerified({
      algorithmDer: bytes(subject, 'algorithm'),
      spkiDer: bytes(subject, 'spki'),
      message: bytes(subject, 'data'),
      signature,
    })
  },
}
