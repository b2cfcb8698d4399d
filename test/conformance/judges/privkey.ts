import { platformCrypto } from '@certwright/core'
import { bytes, cryptoLimit, type Judge, optionalBytes } from '../judge.js'

/** Whether a PKCS#8 key can be used, and is the one of the SubjectPublicKeyInfo. */
export const privkey: Judge = {
  accepts: 'match',
  rejects: 'reject',
  limit: cryptoLimit,
  params: ['alg', 'form', 'provider'],
  async answer(subject) {
    const key = await platformCrypto.importSigningKey(bytes(subject, 'pkcs8'))
    const spkiDer = optionalBytes(subject, 'spki')
    return spkiDer === undefined || Buffer.compare(key.spkiDer, spkiDer) === 0
  },
}
