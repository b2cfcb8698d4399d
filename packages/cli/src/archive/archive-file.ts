import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CertificateInfo } from '@certwright/core'
import { CommandError } from '../command-error.js'
import { syncFolder } from '../store/sync-folder.js'

export interface ArchiveFile {
  /** One line of JSON for each, on disk when the promise resolves. @throws {CommandError} they are not */
  append(certificates: readonly CertificateInfo[]): Promise<void>
  close(): Promise<void>
}

/** A file that grows: what an archival before this one has written stays. @throws {CommandError} it cannot be written */
export async function openArchiveFile(path: string): Promise<ArchiveFile> {
  const file = await failing(path, async () => {
    const opened = await open(path, 'a')
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
