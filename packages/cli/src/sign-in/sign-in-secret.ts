import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { StorePlace } from '../store/place.js'
import { writeSecretFile } from '../store/secret-file.js'

/** What the demonstration's user signs in with: 128 random bits behind what tells scanners what it is. */
const form = /^cm_signin_[A-Za-z0-9_-]{22}$/

/**
 * Of an embedded store it lies beside the API key, which opens as much, and each start shows the same. Where there is no
 * such file, in memory and beside a database, each process makes its own.
 */
export async function findOrCreateSignInSecret(place: StorePlace): Promise<string> {
  const path = place.kind === 'folder' ? `${place.path}.sign-in` : undefined
  const kept = path === undefined ? undefined : await readSecret(path)
  if (kept !== undefined) return kept
  const secret = `cm_signin_${randomBytes(16).toString('base64url')}`
  if (path === undefined) return secret
  // Of two starts at once one makes the file, and both read it; one that holds something else is replaced.
  const isWritten = await writeSecretFile(path, `${secret}\n`, { replace: false })
  if (isWritten) return secret
  const other = await readSecret(path)
  if (other !== undefined) return other
  await writeSecretFile(path, `${secret}\n`, { replace: true })
  return secret
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').then(
    (content) => content.trim(),
    () => '',
  )
  return form.test(text) ? text : undefined
}
