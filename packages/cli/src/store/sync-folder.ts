import { open } from 'node:fs/promises'

/** A name is durable once its folder is; Windows cannot open folders, and needs none of this. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
