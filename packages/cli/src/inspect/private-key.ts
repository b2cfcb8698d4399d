import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Fields } from './item.js'

/*
 * Of a private key only the type is told, by the names that OpenSSL has for it. Where the platform cannot read it, not even that: its error messages are not
 * passed on, since we do not know what they quote.
 */

export function describePrivateKeyPem(label: string, text: string): Fields {
  if (label.startsWith('ENCRYPTED') || text.includes('ENCRYPTED')) return { type: 'encrypted' }
  return { type: typeOf(() => createPrivateKey(text)) }
}

export function describePrivateKeyDer(der: Uint8Array): Fields {
  const key = Buffer.from(der)
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    const found = typeOf(() => createPrivateKey({ key, format: 'der', type }))
    if (found !== unknown) return { type: found }
  }
  return { type: unknown }
}

const unknown = 'unknown or encrypted'

function typeOf(read: () => KeyObject): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = read()
    const size = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength
    return [asymmetricKeyType, size].filter((part) => part !== undefined).join(' ')
  } catch {
    return unknown
  }
}
