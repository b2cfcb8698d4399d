import type { PublicKey } from '../../crypto/public-key.js'
import type { SubjectNames } from '../../rules/profile/choose-names.js'

/** For whom a certificate is: the names that are asked for, and the key. No profile has looked at the names yet. */
export interface Subject extends SubjectNames {
  readonly publicKey: PublicKey
  /** PKCS#8, PEM: the key that was made in managed mode. It goes to the caller and nowhere else. */
  readonly privateKeyPem?: string
}
