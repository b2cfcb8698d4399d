import { createAuthority, isPkiError, operator, type Storage } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { type ArchiveFile, openArchiveFile } from '../archive/archive-file.js'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { progressTo } from '../doctor/progress.js'
import { printable, printableJson } from '../printable.js'
import { explainFault } from '../store/faults.js'
import { openExistingStore } from '../store/open-store.js'
import { placeFlags, placeName, storePlace } from '../store/place.js'
import { usage } from '../usage.js'
import { utcTime } from '../utc-time.js'

const flagTypes = { ...placeFlags, out: 'string', 'expired-before': 'string', json: 'boolean' } as const

const caller = { principal: operator('certwright') }

/** `certwright archive`: certificates that have expired go into a file, and out of the store. */
export async function archive(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('archive', args, flagTypes)
  if (flags.has('help')) {
    process.stdout.write(`${usage.archive}\n`)
    return 0
  }
  const [surplus] = positionals
  if (surplus !== undefined) throw refuse(`"${surplus}" belongs to no flag`)
  const out = flags.get('out')
  if (out === undefined) throw refuse('name the file to write with --out')
  const time = flags.get('expired-before')
  if (time === undefined) throw refuse('name a time with --expired-before')
  const expiredBefore = utcTime('archive', time)

  const place = storePlace('archive', flags)
  const store = await openExistingStore(place, 'archive')
  try {
    const archived = await archiveInto(out, expiredBefore, store.storage)
    const summary = { place: placeName(place), out, archived }
    process.stdout.write(`${flags.has('json') ? printableJson(summary, 2) : textOf(summary)}\n`)
    return 0
  } catch (error) {
    const explained = explainFault(error, place, 'archive')
    if (!isPkiError(explained)) throw explained
    throw new CommandError('failure', explained.message.replace(/^Cannot /, 'cannot '), { cause: explained })
  } finally {
    await store.close()
  }
}

/**
 * A batch is on disk before the store is asked for the next one, which is when it forgets it.
 *
 * @returns how many; where there are none, no file is made
 */
async function archiveInto(out: string, expiredBefore: Date, storage: Storage): Promise<number> {
  // Nothing here signs: a custody without keys is enough.
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const progress = progressTo(process.stderr)
  let file: ArchiveFile | undefined
  let archived = 0
  try {
    for await (const batch of authority.archiveExpired({ expiredBefore }, caller)) {
      file ??= await openArchiveFile(out)
      await file.append(batch)
      archived += batch.length
      progress('certificates archived', archived)
    }
    return archived
  } finally {
    await file?.close()
  }
}

const textOf = ({ place, out, archived }: { place: string; out: string; archived: number }): string =>
  printable(
    archived === 0
      ? `${place}: no certificate expired before that time`
      : `${place}: ${archived} ${archived === 1 ? 'certificate is' : 'certificates are'} in ${out} now`,
  )

const refuse = (state: string): CommandError =>
  new CommandError('usage', `cannot archive: ${state}; see "certwright archive --help"`)
