import { digestSync } from '../../crypto/digest.js'
import { base64urlEncode } from '../../encoding/base64.js'
import { utf8Encode } from '../../encoding/bytes.js'
import { hexEncode } from '../../encoding/hex.js'
import type { Random } from '../../ports/random.js'

/* Secrets that are shown once: each begins with what tells people, and scanners for leaked secrets, what it is. */

const apiKeyMarker = 'cm_'
const clientSecretMarker = 'cm_secret_'

/** Characters of a key that are kept for display: the marker and 24 bits of the secret, which leaves 232. */
const prefixLength = apiKeyMarker.length + 4

const secretOctets = 32

/** `cm_` and 32 random octets, base64url. */
export const newApiKeySecret = (random: Random): string =>
  apiKeyMarker + base64urlEncode(random.bytes(secretOctets))

/** `cm_secret_` and 32 random octets, base64url. */
export const newClientSecret = (random: Random): string =>
  clientSecretMarker + base64urlEncode(random.bytes(secretOctets))

export const apiKeyPrefix = (secret: string): string => secret.slice(0, prefixLength)

export const isApiKeySecret = (credential: string): boolean => /^cm_[A-Za-z0-9_-]{43}$/.test(credential)

/** At least 256 bits behind the marker: whoever issues tokens may put more into them. */
export const isAccessToken = (credential: string): boolean =>
  /^cm_oauth_[A-Za-z0-9_-]{43,128}$/.test(credential)

/**
 * What is kept instead of a secret: its SHA-256, hex. One plain hash is enough for 256 random bits: there is nothing to
 * guess, and a look-up by hash compares no secret.
 */
export const secretHashOf = (secret: string): string => hexEncode(digestSync('SHA-256', utf8Encode(secret)))
