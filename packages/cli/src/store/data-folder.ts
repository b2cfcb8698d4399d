import { constants } from 'node:fs'
import { access, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../command-error.js'

/**
 * The folder of the embedded store, made where it is missing, for its owner alone.
 *
 * @throws {CommandError} it is none, cannot be made, belongs to another user, whose files we would shut out of it, or
 * cannot be written: SQLite would open it all the same, and the first request would find out
 */
export async function requireDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw refuse(
      path,
      mkdirRefusals.get(code) ?? `it cannot be made (${code}); choose another with --data`,
      cause,
    )
  }
  await requireOwner(path)
  for (const name of ['.', ...(await readdir(path))]) await requireWritable(path, name)
}

async function requireOwner(path: string): Promise<void> {
  const { uid } = await stat(path)
  const own = process.getuid?.()
  if (own === undefined || own === uid) return
  throw refuse(
    path,
    `it belongs to user ${uid}, and this process is user ${own}; run certwright as that user, or choose another folder with --data`,
  )
}

async function requireWritable(path: string, name: string): Promise<void> {
  try {
    await access(join(path, name), constants.R_OK | constants.W_OK)
  } catch (cause) {
    // Another process has it open, and its journal came and went meanwhile.
    if (name !== '.' && (cause as NodeJS.ErrnoException).code === 'ENOENT') return
    const what = name === '.' ? 'it' : `its file ${name}`
    throw refuse(
      path,
      `${what} is read-only for this user; change the permissions, or choose another folder with --data`,
      cause,
    )
  }
}

const refuse = (path: string, state: string, cause?: unknown): CommandError =>
  new CommandError('failure', `cannot use data folder ${path}: ${state}`, { cause })

const mkdirRefusals: ReadonlyMap<string | undefined, string> = new Map([
  ['EEXIST', 'it is a file; choose another with --data'],
  ['ENOTDIR', 'a part of the path is a file; choose another with --data'],
  ['EACCES', 'this user may not write there; choose another with --data, or change the permissions'],
  ['EROFS', 'the file system is read-only; choose another with --data'],
  ['ENOSPC', 'the disk is full; make room, or choose another with --data'],
])
