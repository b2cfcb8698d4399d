import type { IssuedCertificate } from '@certwright/core'

/** Tells a repeated answer from a first one; the body is the same to the byte. */
export function replayHeaders(issued: IssuedCertificate): Readonly<Record<string, string>> {
  return issued.replayed ? { 'idempotent-replayed': 'true' } : {}
}
