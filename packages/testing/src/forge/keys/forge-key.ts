import { randomBytes } from 'node:crypto'
import { ecKey, ed25519Key, type ForgeKey, type ForgeKeyAlgorithm, rsaKey } from './key-kinds.js'
import { type CurveName, curves } from './ecdsa.js'
import { rsaKeyOf } from './rsa.js'
import { bigintOf, seededOctets } from './seeded-octets.js'

export type { ForgeKey, ForgeKeyAlgorithm } from './key-kinds.js'

/** Keys that are kept. A property that runs for hours asks for many, and for few of them twice. */
const maximumKeptKeys = 4096
const kept = new Map<string, ForgeKey>()

/**
 * The key pair of a seed: the same on every machine and in every version to come.
 *
 * RSA takes its time (a tenth of a second for 2048 bits), the first time that a seed is used.
 */
export function forgeKey(seed: string, algorithm: ForgeKeyAlgorithm = 'ECDSA-P256'): ForgeKey {
  const name = `certwright/testing/key/1/${algorithm}/${seed}`
  const known = kept.get(name)
  if (known !== undefined) return known
  if (kept.size >= maximumKeptKeys) kept.clear()
  const key = makers[algorithm](name)
  kept.set(name, key)
  return key
}

/** A key pair that nobody had before. */
export const randomKey = (algorithm: ForgeKeyAlgorithm = 'ECDSA-P256'): ForgeKey =>
  makers[algorithm](randomBytes(32).toString('hex'))

const makers: Readonly<Record<ForgeKeyAlgorithm, (name: string) => ForgeKey>> = {
  'ECDSA-P256': (name) => ecKey('P-256', scalarOf(name, 'P-256')),
  'ECDSA-P384': (name) => ecKey('P-384', scalarOf(name, 'P-384')),
  'ECDSA-P521': (name) => ecKey('P-521', scalarOf(name, 'P-521')),
  Ed25519: (name) => ed25519Key(seededOctets(name, 32)),
  'RSA-1024': (name) => rsaKey('RSA-1024', rsaKeyOf(name, 1024)),
  'RSA-2048': (name) => rsaKey('RSA-2048', rsaKeyOf(name, 2048)),
  'RSA-3072': (name) => rsaKey('RSA-3072', rsaKeyOf(name, 3072)),
  'RSA-4096': (name) => rsaKey('RSA-4096', rsaKeyOf(name, 4096)),
}

/** From 64 bits more than the order has: no remainder is likelier than another (FIPS 186-5 §A.2.1). */
function scalarOf(name: string, curveName: CurveName): bigint {
  const { order, coordinateOctets } = curves[curveName]
  return (bigintOf(seededOctets(name, coordinateOctets + 8)) % (order - 1n)) + 1n
}
