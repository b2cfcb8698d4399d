import * as fc from 'fast-check'
import { type ForgeKey, forgeKey, type ForgeKeyAlgorithm } from '../forge/keys/forge-key.js'

/** Keys that any validator takes. */
const strong: readonly ForgeKeyAlgorithm[] = ['ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521', 'Ed25519', 'RSA-2048']

/**
 * A key pair, the same for the same seed of fast-check. Of each algorithm there are eight: RSA takes its time, the first
 * time. Shrinks towards the first P-256 key.
 */
export const keyPair = (algorithms: readonly ForgeKeyAlgorithm[] = strong): fc.Arbitrary<ForgeKey> =>
  fc
    .tuple(fc.constantFrom(...algorithms), fc.nat(7))
    .map(([algorithm, number]) => forgeKey(`arbitrary key ${number}`, algorithm))
