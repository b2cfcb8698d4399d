/**
 * Revocation information may stay in caches for so many seconds, however long it is valid: a revocation that nobody
 * hears of before tomorrow is none.
 */
const maximumAgeSeconds = 300

/** Freshness until `nextUpdate`, bounded; the form of RFC 5019 §6.2. */
export function revocationCacheControl(nextUpdate: Date, now: Date): string {
  const left = Math.floor((nextUpdate.getTime() - now.getTime()) / 1000)
  const age = Math.min(Math.max(left, 0), maximumAgeSeconds)
  return `public, max-age=${age}, no-transform, must-revalidate`
}

/** For caches that know no max-age (RFC 5019 §6.2). */
export const revocationTimes = (
  thisUpdate: Date,
  nextUpdate: Date,
): { readonly 'last-modified': string; readonly expires: string } => ({
  'last-modified': thisUpdate.toUTCString(),
  expires: nextUpdate.toUTCString(),
})

/** Whether the client has this version already (RFC 9110 §13.2.2: If-None-Match goes before If-Modified-Since). */
export function isNotModified(request: Request, entityTag: string, lastModified: Date): boolean {
  const ifNoneMatch = request.headers.get('if-none-match')
  if (ifNoneMatch !== null) {
    const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    return tags.includes(entityTag) || tags.includes('*')
  }
  const since = Date.parse(request.headers.get('if-modified-since') ?? '')
  return since >= Math.floor(lastModified.getTime() / 1000) * 1000
}
