import { fromPool, migrate as migrateSchema } from '@certwright/postgres'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { explainFault } from '../store/faults.js'
import { placeName, storePlace } from '../store/place.js'
import { postgresPool } from '../store/postgres-pool.js'
import { usage } from '../usage.js'

/** `certwright migrate`: the embedded store needs none of this. */
export async function migrate(args: readonly string[]): Promise<number> {
  const { flags } = readArguments('migrate', args, { database: 'string', 'dry-run': 'boolean' })
  if (flags.has('help')) {
    process.stdout.write(`${usage.migrate}\n`)
    return 0
  }
  const place = storePlace('migrate', flags)
  if (place.kind !== 'database') {
    throw new CommandError(
      'usage',
      'cannot migrate: name the database with --database; the embedded store needs no migration',
    )
  }
  const pool = await postgresPool(place.url)
  try {
    const dryRun = flags.has('dry-run')
    const { sql, from, to } = await migrateSchema(fromPool(pool), { dryRun })
    if (dryRun) process.stdout.write(sql.map((statement) => `${statement};\n`).join('\n'))
    const done = sql.length === 0 ? 'is up to date' : dryRun ? 'would be migrated' : 'is migrated'
    process.stderr.write(`certwright: ${placeName(place)} ${done}: version ${from} to ${to}\n`)
    return 0
  } catch (error) {
    throw explainFault(error, place, 'migrate')
  } finally {
    await pool.end()
  }
}
