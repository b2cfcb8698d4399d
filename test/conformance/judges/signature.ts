import { bytes, cryptoLimit, type Judge, optionalBytes, param } from '../judge.js'
import { algorithmIdentifierOf, ecdsaSigValue, spkiOf, unsupportedBy } from './signature-encoding.js'
import { isVerified } from './verified.js'

/** A bare signature, dressed as X.509 carries it: what an AlgorithmIdentifier cannot name is no question for us. */
export const signature: Judge = {
  accepts: 'valid',
  rejects: 'invalid',
  limit: cryptoLimit,
  params: [
    'alg',
    'hash',
    'curve',
    'mgf',
    'mgfHash',
    'saltLength',
    'sigFormat',
    'ctx',
    'keySize',
    'pssKeyOid',
  ],
  answer(subject) {
    if (param(subject, 'ctx') !== '') return { skip: 'signatures of X.509 have no context string' }
    const unsupported = unsupportedBy(subject.params)
    if (unsupported !== undefined) return { skip: `${unsupported} is not supported in signatures` }
    const algorithmDer = algorithmIdentifierOf(subject.params)
    if (algorithmDer === undefined)
      return { skip: `no AlgorithmIdentifier names ${param(subject, 'alg')} so` }
    const raw = bytes(subject, 'sig')
    const isP1363 = ['p1363', 'ieee', 'raw'].includes(param(subject, 'sigFormat').toLowerCase())
    const signature = isP1363 ? ecdsaSigValue(raw, param(subject, 'curve')) : raw
    if (signature === undefined) return false
    const spkiDer = optionalBytes(subject, 'spki') ?? spkiOf(subject.params, bytes(subject, 'publicKey'))
    if (spkiDer === undefined)
      return { skip: `no SubjectPublicKeyInfo is known for ${param(subject, 'alg')}` }
    return isVerified({ algorithmDer, spkiDer, message: bytes(subject, 'msg'), signature })
  },
}
