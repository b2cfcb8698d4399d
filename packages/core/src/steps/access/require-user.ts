import { PkiError } from '../../errors/pki-error.js'
import type { User } from '../../ports/records.js'
import type { Deps } from '../deps.js'

/** @throws {PkiError} `user_not_found` */
export async function requireUser(userId: string, deps: Deps): Promise<User> {
  const user = await deps.storage.findUser(userId)
  if (user !== undefined) return user
  throw new PkiError('user_not_found', `Cannot find user: there is none with id ${userId}`, { userId })
}
