import { parsePublicKey } from '@certwright/core'
import {
  bitString,
  encode,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  unsignedInteger,
} from '@certwright/core/der'
import { flipBit } from '../forge/alter-octets.js'
import { forgeKey } from '../forge/keys/forge-key.js'
import { curves } from '../forge/keys/ecdsa.js'
import { octetsOf } from '../forge/keys/seeded-octets.js'

/* Public keys that are none, or no good: each a SubjectPublicKeyInfo. */

const ecPublicKey = '1.2.840.10045.2.1'
const p256 = '1.2.840.10045.3.1.7'
const point = (): Uint8Array => parsePublicKey(forgeKey('catalogue').spkiDer).keyBits

const named = (octets: Uint8Array): Uint8Array =>
  encode(sequence(sequence(objectIdentifier(ecPublicKey), objectIdentifier(p256)), bitString(octets)))

export const offCurveKey = (): Uint8Array => named(flipBit(-1)(point()))

export function compressedKey(): Uint8Array {
  const octets = point()
  const isOdd = (octets[64] as number) & 1
  return named(Uint8Array.of(2 + isOdd, ...octets.subarray(1, 33)))
}

/** SEC 2 §2.4.2 gives p, a and b. */
const fieldPrime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

const number = (value: bigint) => unsignedInteger(octetsOf(value, 32))

/** P-256 by its numbers, but for the generator: that is the key, of which the private half is then 1. */
export function explicitCurveKey(): Uint8Array {
  const parameters = sequence(
    integer(1),
    sequence(objectIdentifier('1.2.840.10045.1.1'), number(fieldPrime)),
    sequence(octetString(octetsOf(fieldPrime - 3n, 32)), octetString(octetsOf(b, 32))),
    octetString(point()),
    number(curves['P-256'].order),
    integer(1),
  )
  return encode(sequence(sequence(objectIdentifier(ecPublicKey), parameters), bitString(point())))
}

export function rsaKeyWithExponentOne(): Uint8Array {
  const key = parsePublicKey(forgeKey('catalogue', 'RSA-2048').spkiDer)
  if (key.family !== 'RSA') throw new TypeError('rsaKeyWithExponentOne: expected an RSA key')
  const rsaPublicKey = encode(sequence(unsignedInteger(key.modulus), integer(1)))
  return encode(
    sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue), bitString(rsaPublicKey)),
  )
}
