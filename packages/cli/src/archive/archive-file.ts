import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CertificateInfo } from '@certwright/core'
import { CommandError } from '../command-error.js'
import { syncFolder } from '../store/sync-folder.js'

export interface ArchiveFile {
  /** One line of JSON for each, on disk when the promise resolves. @throws {CommandError} they are not */
  append(certificates: readonly CertificateInfo[]): Promise<void>
  close(): Promise<void>
}

/**
 * A file that grows: what an archival before this one has written stays. A line that was cut off with it is ended, so that it
 * spoils no other.
 *
 * @throws {CommandError} it cannot be written
 */
export async function openArchiveFile(path: string): Promise<ArchiveFile> {
  const file = await failing(path, async () => {
    const opened = await open(path, 'a+')
    if (!(await endsWithLine(opened))) await opened.appendFile('\n')
    await syncFolder(dirname(path))
    return opened
  })
  return {
    append: (certificates) =>
      failing(path, async () => {
        await file.appendFile(certificates.map(lineOf).join(''))
        await file.sync()
      }),
    close: () => file.close(),
  }
}

async function endsWithLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return true
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return buffer.toString() === '\n'
}

/** The bytes are in the PEM. */
function lineOf({ certificateDer: _bytes, ...certificate }: CertificateInfo): string {
  return `${JSON.stringify(certificate)}\n`
}

async function failing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new CommandError('failure', `cannot archive: ${path} cannot be written (${code})`, { cause })
  }
}
