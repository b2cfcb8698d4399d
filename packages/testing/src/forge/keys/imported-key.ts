import { createPrivateKey, createPublicKey } from 'node:crypto'
import { type CurveName, curves } from './ecdsa.js'
import { ecKey, ed25519Key, type ForgeKey, type ForgeKeyAlgorithm, rsaKey } from './key-kinds.js'
import { bigintOf } from './seeded-octets.js'

/**
 * A key that exists already.
 *
 * @param pkcs8Der PrivateKeyInfo, not encrypted
 * @returns `undefined`: no kind of key that the forge has
 */
export function importedKey(pkcs8Der: Uint8Array): ForgeKey | undefined {
  const key = createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' })
  if (key.asymmetricKeyType === 'rsa') {
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    const algorithm = rsaAlgorithms.get(bits)
    const privateDer = new Uint8Array(key.export({ format: 'der', type: 'pkcs1' }))
    const publicDer = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'pkcs1' }))
    return algorithm && rsaKey(algorithm, { privateDer, publicDer })
  }
  if (key.asymmetricKeyType !== 'ec' && key.asymmetricKeyType !== 'ed25519') return undefined
  const { d = '', crv } = key.export({ format: 'jwk' })
  const octets = new Uint8Array(Buffer.from(d, 'base64url'))
  if (crv === 'Ed25519') return ed25519Key(octets)
  return isCurve(crv) ? ecKey(crv, bigintOf(octets)) : undefined
}

const isCurve = (name: string | undefined): name is CurveName =>
  name !== undefined && Object.hasOwn(curves, name)

const rsaAlgorithms: ReadonlyMap<number, ForgeKeyAlgorithm> = new Map([
  [2048, 'RSA-2048'],
  [3072, 'RSA-3072'],
  [4096, 'RSA-4096'],
])
