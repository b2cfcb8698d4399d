import { createECDH, createHash, createHmac } from 'node:crypto'
import { encode, sequence, unsignedInteger } from '@certwright/core/der'
import { bigintOf, octetsOf } from './seeded-octets.js'

/*
 * ECDSA whose signatures have no randomness (RFC 6979), so that a seed tells every byte of a certificate.
 *
 * node:crypto takes its nonces from the system, and a signature in JavaScript costs tens of milliseconds where the
 * tables of the curve are not built yet: too long for a CA that is to start in five. Of a signature only two things are
 * hard, and both are points of the curve times a number: the public key, and the nonce's. ECDH of the platform gives
 * those; what is left is arithmetic of a few microseconds. It takes longer for some numbers than for others, which tells
 * an attacker of the key: this is for tests.
 */

export interface Curve {
  /** As ECDH of the platform calls it. */
  readonly ecdhName: string
  /** n of SEC 2: the number of points. */
  readonly order: bigint
  readonly coordinateOctets: number
}

export type CurveName = 'P-256' | 'P-384' | 'P-521'

export const curves: Readonly<Record<CurveName, Curve>> = {
  'P-256': {
    ecdhName: 'prime256v1',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    coordinateOctets: 32,
  },
  'P-384': {
    ecdhName: 'secp384r1',
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    coordinateOctets: 48,
  },
  'P-521': {
    ecdhName: 'secp521r1',
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    coordinateOctets: 66,
  },
}

/** The point `scalar` · G, uncompressed (SEC 1 §2.3.3). */
export function publicPoint(curve: Curve, scalar: bigint): Uint8Array {
  const ecdh = createECDH(curve.ecdhName)
  ecdh.setPrivateKey(octetsOf(scalar, curve.coordinateOctets))
  return new Uint8Array(ecdh.getPublicKey())
}

/**
 * FIPS 186-5 §6.4.1 with the nonces of RFC 6979 §3.2.
 *
 * @param hash of the message, and of the nonces
 * @returns ECDSA-Sig-Value, DER; s is not brought into the lower half
 */
export function signDeterministically(
  curve: Curve,
  scalar: bigint,
  message: Uint8Array,
  hash: string,
): Uint8Array {
  const { order, coordinateOctets } = curve
  const digest = new Uint8Array(createHash(hash).update(message).digest())
  const z = leftmostBits(digest, order) % order
  for (const nonce of nonces({ order, scalar, z, hash })) {
    const r = bigintOf(publicPoint(curve, nonce).subarray(1, 1 + coordinateOctets)) % order
    const s = (inverse(nonce, order) * ((z + r * scalar) % order)) % order
    if (r !== 0n && s !== 0n) return encode(sequence(...[r, s].map((one) => unsigned(one))))
  }
  throw new Error('unreachable: the nonces have no end')
}

const unsigned = (value: bigint) => {
  const digits = value.toString(16)
  return unsignedInteger(octetsOf(value, Math.ceil(digits.length / 2)))
}

/** bits2int of RFC 6979 §2.3.2. */
function leftmostBits(octets: Uint8Array, order: bigint): bigint {
  const surplus = 8 * octets.length - order.toString(2).length
  return surplus > 0 ? bigintOf(octets) >> BigInt(surplus) : bigintOf(octets)
}

/** RFC 6979 §3.2 (b) to (h). */
function* nonces(of: { order: bigint; scalar: bigint; z: bigint; hash: string }): Generator<bigint> {
  const { order, scalar, z, hash } = of
  const octets = Math.ceil(order.toString(2).length / 8)
  const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
    parts.reduce((mac, part) => mac.update(part), createHmac(hash, key)).digest()
  const length = createHash(hash).digest().length
  let v: Uint8Array = new Uint8Array(length).fill(1)
  let key: Uint8Array = new Uint8Array(length)
  const input = [octetsOf(scalar, octets), octetsOf(z, octets)]
  for (const separator of [0, 1]) {
    key = hmac(key, v, Uint8Array.of(separator), ...input)
    v = hmac(key, v)
  }
  for (;;) {
    const blocks: Uint8Array[] = []
    for (let filled = 0; filled < octets; filled += length) {
      v = hmac(key, v)
      blocks.push(v)
    }
    const nonce = leftmostBits(Buffer.concat(blocks).subarray(0, octets), order)
    if (nonce > 0n && nonce < order) yield nonce
    key = hmac(key, v, Uint8Array.of(0))
    v = hmac(key, v)
  }
}

/** By the extended Euclidean algorithm. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [r, nextR, x, nextX] = [modulus, value % modulus, 0n, 1n]
  while (nextR !== 0n) {
    const quotient = r / nextR
    ;[r, nextR] = [nextR, r - quotient * nextR]
    ;[x, nextX] = [nextX, x - quotient * nextX]
  }
  return x < 0n ? x + modulus : x
}
