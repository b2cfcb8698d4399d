import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { checkStore } from '../doctor/check-store.js'
import { examination } from '../doctor/examination.js'
import { progressTo } from '../progress.js'
import { explainFault } from '../store/faults.js'
import { givenKeyEncryption } from '../store/key-encryption.js'
import { openExistingStore } from '../store/open-store.js'
import { placeFlags, placeName, storePlace } from '../store/place.js'
import { usage } from '../usage.js'

const flagTypes = { ...placeFlags, 'key-file': 'string', json: 'boolean' } as const

/** `certwright doctor`: 0 where nothing is wrong, 1 where something is, or where the store cannot be examined. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('doctor', args, flagTypes)
  if (flags.has('help')) {
    process.stdout.write(`${usage.doctor}\n`)
    return 0
  }
  const [surplus] = positionals
  if (surplus !== undefined) {
    throw new CommandError('usage', `cannot doctor: "${surplus}" is no flag; see "certwright doctor --help"`)
  }
  const place = storePlace('doctor', flags)
  const store = await openExistingStore(place, 'doctor')
  try {
    const keyEncryption = await givenKeyEncryption(place, flags.get('key-file'))
    const report = examination(process.stdout, { json: flags.has('json'), place: placeName(place) })
    const progress = progressTo(process.stderr)
    const patient = { ...store, keyEncryptionKey: keyEncryption?.key, progress }
    for await (const finding of checkStore(patient)) report.add(finding)
    return report.end()
  } catch (error) {
    throw explainFault(error, place, 'doctor')
  } finally {
    await store.close()
  }
}
