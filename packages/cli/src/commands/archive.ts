import { type ArchiveFile, openArchiveFile } from '../archive/archive-file.js'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { printable, printableJson } from '../printable.js'
import { progressTo } from '../progress.js'
import { asOperator, type OperatorsStore } from '../store/as-operator.js'
import { placeFlags, placeName, storePlace } from '../store/place.js'
import { usage } from '../usage.js'
import { utcTime } from '../utc-time.js'

const flagTypes = { ...placeFlags, out: 'string', 'expired-before': 'string', json: 'boolean' } as const

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
  const archived = await asOperator(place, 'archive', (opened) => archiveInto(out, expiredBefore, opened))
  const summary = { place: placeName(place), out, archived }
  process.stdout.write(`${flags.has('json') ? printableJson(summary, 2) : textOf(summary)}\n`)
  return 0
}

/**
 * A batch is on disk before the store is asked for the next one, which is when it forgets it.
 *
 * @returns how many; where there are none, no file is made
 */
async function archiveInto(
  out: string,
  expiredBefore: Date,
  { authority, caller }: OperatorsStore,
): Promise<number> {
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
