import { ia5String, Tag, time } from '@certwright/core/der'
import { type Encoder, raw } from '@certwright/core/der'

/**
 * A time of a certificate or CRL: as RFC 5280 §4.1.2.5 writes it, in a form of one's own (`{ utcTime: '260301120000Z' }`,
 * whatever the text), or the DER of whatever is to stand there.
 */
export type TimeSpec = Date | { readonly utcTime: string } | { readonly generalizedTime: string } | Uint8Array

export function timeField(spec: TimeSpec): Encoder {
  if (spec instanceof Date) return time(spec)
  if (spec instanceof Uint8Array) return raw(spec)
  return 'utcTime' in spec
    ? ia5String(spec.utcTime, Tag.utcTime)
    : ia5String(spec.generalizedTime, Tag.generalizedTime)
}

/** When the forge's certificates are valid where nobody says otherwise: no clock is read. */
export const forgeTime = new Date('2026-06-01T12:00:00Z')

export const daysFrom = (start: Date, days: number): Date => new Date(start.getTime() + days * 86_400_000)
