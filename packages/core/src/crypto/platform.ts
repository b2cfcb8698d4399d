import { platformCrypto as provider } from '#platform-crypto'
import type { CryptoProvider } from './provider.js'

// Named with its type: the declarations of the package cannot follow "#platform-crypto" to one of its two sides.

/** The platform's own cryptography: `node:crypto`, or WebCrypto where that is not there. */
export const platformCrypto: CryptoProvider = provider
