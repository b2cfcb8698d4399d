import type { ApiKey } from '../../ports/records.js'

/** An API key, as callers see it: without its hashes. */
export interface ApiKeyInfo extends Omit<ApiKey, 'secretHash' | 'previousSecret'> {
  /** After a rotation with an overlap: how long the secret before goes on to work. */
  readonly previousSecretValidUntil?: Date
}

export function apiKeyInfo({ secretHash: _hash, previousSecret, ...shown }: ApiKey): ApiKeyInfo {
  return previousSecret === undefined
    ? shown
    : { ...shown, previousSecretValidUntil: previousSecret.validUntil }
}
