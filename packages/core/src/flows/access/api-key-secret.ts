import { digestSync } from '../../crypto/digest.js'
import { base64urlEncode } from '../../encoding/base64.js'
import { utf8Encode } from '../../encoding/bytes.js'
import { hexEncode } from '../../encoding/hex.js'
import type { Random } from '../../ports/random.js'

/** Tells what the text is to people and to scanners for leaked secrets. */
const marker = 'cm_'

/** Characters that are kept for display: the marker and 24 bits of the secret, which leaves 232. */
const prefixLength = marker.length + 4

const secretOctets = 32

/** `cm_` and 32 random octets, base64url. */
export const newApiKeySecret = (random: Random): string =>
  marker + base64urlEncode(random.bytes(secretOctets))

export const apiKeyPrefix = (secret: string): string => secret.slice(0, prefixLength)

export const isApiKeySecret = (credential: string): boolean => /^cm_[A-Za-z0-9_-]{43}$/.test(credential)

/**
 * What is kept instead of the key. One plain hash is enough for 256 random bits: there is nothing to guess, and a look-up
 * by hash compares no secret.
 */
export const apiKeyHash = (secret: string): string => hexEncode(digestSync('SHA-256', utf8Encode(secret)))
