import { PrivateKeyInfo, SafeBag } from 'pkijs'
import { parseDer, readAs } from '../../packages/containers/src/der.js'
import { sealedKeyDer } from '../../packages/containers/src/encrypted-private-key.js'
import { bagIds, certificateBag, shroudedKeyBag } from '../../packages/containers/src/pkcs12/bags.js'
import {
  authenticatedSafe,
  dataSafe,
  encryptedSafe,
  pfxDer,
} from '../../packages/containers/src/pkcs12/pfx.js'
import { keyUnderScrypt } from '../containers/key-under-scrypt.js'

/** Of all containers that the fuzzer starts from, with as little work as there can be. */
export const protection = { password: 'fuzz', iterations: 1 }

/** One of everything that is read under a password. */
export async function ownContainers(
  pkcs8Der: Uint8Array,
  certificateDer: Uint8Array,
): Promise<readonly Uint8Array[]> {
  const underPbkdf2 = await sealedKeyDer(
    Uint8Array.from(pkcs8Der),
    protection.password,
    protection.iterations,
  )
  const underScrypt = keyUnderScrypt(pkcs8Der, protection.password, { N: 2, r: 1, p: 1 })
  const belongs = { friendlyName: 'a name', localKeyId: Uint8Array.of(1) }
  const certificates = [certificateBag(certificateDer, belongs), certificateBag(certificateDer)]
  const open = new SafeBag({
    bagId: bagIds.key,
    bagValue: readAs(PrivateKeyInfo, parseDer(pkcs8Der, 'key'), 'key'),
  })
  const keys = [shroudedKeyBag(underPbkdf2, belongs), shroudedKeyBag(underScrypt, {}), open]
  const content = authenticatedSafe(await encryptedSafe(certificates, protection), dataSafe(keys))
  return [underPbkdf2, underScrypt, content, await pfxDer(content, protection)]
}
