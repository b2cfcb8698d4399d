const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `expires in 90 days`; notAfter is the last second that is valid (RFC 5280 §4.1.2.5). */
export function validityState(
  { notBefore, notAfter }: { notBefore: Date; notAfter: Date },
  now: Date,
): string {
  if (now < notBefore) return `starts in ${span(notBefore.getTime() - now.getTime())}`
  const left = notAfter.getTime() + 1000 - now.getTime()
  return left > 0 ? `expires in ${span(left)}` : `expired ${span(-left)} ago`
}

/** `undefined` where nothing says when something newer will be there. */
export function updateState({ nextUpdate }: { nextUpdate: Date | undefined }, now: Date): string | undefined {
  if (nextUpdate === undefined) return undefined
  const left = nextUpdate.getTime() - now.getTime()
  return left > 0 ? `next update in ${span(left)}` : `next update was due ${span(-left)} ago`
}

/** Whole units, rounded down; days from two on. */
function span(milliseconds: number): string {
  if (milliseconds >= 2 * day) return count(milliseconds, day, 'day')
  if (milliseconds >= 2 * hour) return count(milliseconds, hour, 'hour')
  if (milliseconds >= minute) return count(milliseconds, minute, 'minute')
  return 'less than a minute'
}

function count(milliseconds: number, unit: number, name: string): string {
  const n = Math.floor(milliseconds / unit)
  return `${n} ${name}${n === 1 ? '' : 's'}`
}
