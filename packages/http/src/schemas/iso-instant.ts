import { z } from 'zod'

const date = z.iso.date()
const dateTime = z.iso.datetime({ offset: true, local: true })

/**
 * A date or a date with a time, ISO 8601, as query text. A time without an offset is UTC.
 *
 * @param edge what a date without a time means: its first or its last millisecond
 */
export function isoInstant(edge: 'start' | 'end') {
  return z
    .string()
    .transform((text, context) => {
      if (date.safeParse(text, { jitless: true }).success) {
        return new Date(`${text}T${edge === 'start' ? '00:00:00.000' : '23:59:59.999'}Z`)
      }
      if (dateTime.safeParse(text, { jitless: true }).success) {
        return new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
      }
      context.addIssue({
        code: 'custom',
        message: 'must be an ISO 8601 date such as 2026-03-01 or 2026-03-01T08:00:00Z (write + as %2B)',
      })
      return z.NEVER
    })
    .pipe(z.date())
}
