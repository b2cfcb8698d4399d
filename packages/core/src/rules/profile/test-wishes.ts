import {
  bitString,
  encode,
  nullValue,
  objectIdentifier,
  raw,
  sequence,
  unsignedInteger,
} from '../../asn1/der-writer.js'
import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { type PublicKey, parsePublicKey } from '../../crypto/public-key.js'
import { hasCode, isPkiError } from '../../errors/pki-error.js'
import { applyProfile, type ProfileRequest } from './apply-profile.js'
import { createProfiles, findProfile, type Profiles } from './profiles.js'
import { noNames, type RequestedNames } from './requested-names.js'

/* Requests to a profile, and what becomes of them. */

function key(algorithm: KeyAlgorithm | 'RSA-2056'): PublicKey {
  if (algorithm.startsWith('RSA')) {
    const modulus = new Uint8Array(Number(algorithm.slice(4)) / 8).fill(0xff)
    const rsa = encode(sequence(unsignedInteger(modulus), unsignedInteger(Uint8Array.of(1, 0, 1))))
    return parsePublicKey(
      encode(sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue), bitString(rsa))),
    )
  }
  const { identifierDer } = keyAlgorithms[algorithm as KeyAlgorithm]
  const octets =
    { 'ECDSA-P256': 65, 'ECDSA-P384': 97, 'ECDSA-P521': 133, 'ML-DSA-44': 1312 }[algorithm as string] ?? 32
  const bits = Uint8Array.from({ length: octets }, (_, i) => (i === 0 ? 4 : i))
  return parsePublicKey(encode(sequence(raw(identifierDer), bitString(bits))))
}

export const profiles = createProfiles()
const now = new Date('2026-06-01T12:00:00.500Z')
const issuerValidity = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2035-12-31T23:59:59Z'),
}

export interface Wish extends Partial<Omit<ProfileRequest, 'names' | 'publicKey'>> {
  profile?: string
  key?: KeyAlgorithm | 'RSA-2056'
  names?: Partial<RequestedNames>
}

export function apply(wish: Wish, known: Profiles = profiles) {
  const { profile = 'serverAndClientAuth', key: algorithm = 'ECDSA-P256', names, ...request } = wish
  return applyProfile(findProfile(known, profile), {
    now,
    issuerValidity,
    publicKey: key(algorithm),
    names: { ...noNames, ...names },
    ...request,
  })
}

/** `code/rule` of the refusal, or `ok`. */
export function outcome(wish: Wish, known?: Profiles): string {
  try {
    apply(wish, known)
    return 'ok'
  } catch (error) {
    if (hasCode(error, 'name_refused')) return `${error.code}/${error.context.rule}`
    if (hasCode(error, 'profile_refused')) return `${error.code}/${error.context.item}`
    if (isPkiError(error)) return error.code
    throw error
  }
}
