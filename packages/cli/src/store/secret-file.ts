import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './sync-folder.js'

/**
 * Put a secret into a file that only its owner may read: whole and on disk when the promise resolves, or not there at all,
 * whenever the power fails.
 *
 * @returns false, and nothing is changed, where the file exists and is not to be replaced
 */
export async function writeSecretFile(
  path: string,
  content: string,
  options: { readonly replace: boolean },
): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    if (options.replace) await rename(draft, path)
    // A link fails where the name is taken: of two processes that begin together, one makes the file.
    else await link(draft, path)
    await syncFolder(dirname(path))
    return true
  } catch (error) {
    if (!options.replace && (error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
