import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/*
 * The session of the demonstration's user: a cookie that says until when, under a key that follows from the sign-in secret.
 * So it outlives a restart, holds in every process that knows the secret, and ends for all when the secret is replaced.
 */

const name = 'certwright_session'

/** A working day: whoever comes back tomorrow signs in again. */
const lifetimeSeconds = 8 * 3600

export interface Sessions {
  /** A `Set-Cookie` for somebody who has shown the secret. */
  begin(): string
  isSignedIn(request: Request): boolean
  isSecret(shown: string): boolean
}

/** @param isSecure whether browsers reach us by https alone */
export function sessionsOf(secret: string, isSecure: boolean, now: () => Date): Sessions {
  const key = createHash('sha256').update(`certwright session ${secret}`).digest()
  const signed = (end: string): string => createHmac('sha256', key).update(end).digest('base64url')
  return {
    begin() {
      const end = String(Math.floor(now().getTime() / 1000) + lifetimeSeconds)
      const attributes = `Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
      return `${name}=${end}.${signed(end)}; ${attributes}`
    },
    isSignedIn(request) {
      const pair = (request.headers.get('cookie') ?? '')
        .split(/; */)
        .find((each) => each.startsWith(`${name}=`))
      const [end = '', signature = ''] = (pair ?? '').slice(name.length + 1).split('.')
      return /^\d{1,12}$/.test(end) && isSame(signature, signed(end)) && Number(end) * 1000 > now().getTime()
    },
    isSecret: (shown) => isSame(shown, secret),
  }
}

/** Of their hashes, which have one length. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(left as Buffer, right as Buffer)
}
