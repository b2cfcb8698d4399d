import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { pemEncode } from '../../encoding/pem.js'
import { requireKeyAlgorithm } from '../../rules/profile/apply-profile.js'
import { checkNames } from '../../rules/profile/check-names.js'
import type { SubjectNames } from '../../rules/profile/choose-names.js'
import type { Profile } from '../../rules/profile/profile.js'
import type { Deps } from '../deps.js'
import type { Subject } from './subject.js'

/** A key pair made for the subscriber. @throws {PkiError} `profile_refused` | `name_refused` | `request_too_large` */
export async function managedSubject(
  asked: SubjectNames & { readonly keyAlgorithm: KeyAlgorithm },
  profile: Profile,
  deps: Deps,
): Promise<Subject> {
  const { keyAlgorithm, ...wanted } = asked
  // An RSA key takes a second of a core: none is made for a request that fails anyway.
  requireKeyAlgorithm(profile, { ...keyAlgorithms[keyAlgorithm], keyAlgorithm })
  checkNames(profile, asked)
  const pair = await deps.crypto.generateKeyPair(keyAlgorithm)
  const privateKeyPem = pemEncode('PRIVATE KEY', pair.pkcs8Der)
  pair.pkcs8Der.fill(0)
  return { publicKey: parsePublicKey(pair.spkiDer), ...wanted, privateKeyPem }
}
