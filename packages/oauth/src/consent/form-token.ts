import { createHmac, timingSafeEqual } from 'node:crypto'

/*
 * Whether a form is one of ours, shown to this user for this request: another page cannot know the token, and one user's
 * page is of no use to another. It needs no state, so a form that one process has shown can be posted to another.
 */

export const formToken = (key: Uint8Array, uid: string, userId: string): string =>
  createHmac('sha256', key).update(`${uid} ${userId}`).digest('base64url')

export function isFormToken(shown: string, key: Uint8Array, uid: string, userId: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(formToken(key, uid, userId))]
  return a.length === b.length && timingSafeEqual(a, b)
}
