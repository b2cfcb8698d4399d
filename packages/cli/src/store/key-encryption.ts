import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { SealedKeyStore } from '@certwright/core'
import type { KeyEncryptionKey } from '@certwright/custody'
import { keyEncryptionKeyFromEnv, keyEncryptionKeyFromFile } from '@certwright/custody/node'
import { CommandError } from '../command-error.js'
import { placeName, type StorePlace } from './place.js'
import { writeSecretFile } from './secret-file.js'

/** Holds the key-encryption key, where it is not in a file. */
export const keyVariable = 'CERTWRIGHT_KEY'

export interface KeyEncryption {
  readonly key: KeyEncryptionKey
  /** Where it comes from, in a sentence. */
  readonly source: string
  /** It was made just now. */
  readonly isNew: boolean
}

/**
 * Beside the data folder and named after it: two stores have two keys, and a copy of the folder holds none. For a
 * database elsewhere: in the working directory.
 */
export const defaultKeyFile = (place: StorePlace): string =>
  place.kind === 'folder' ? `${place.path}.key` : 'certwright.key'

/**
 * The key-encryption key of a store: from `--key-file`, from the environment, or from the default file, which is made
 * where the store has no key yet that needs it. Where it has, a new one would open nothing and look as if all were well.
 *
 * @throws {CommandError} it is lost, or another than the one that the store's keys are under
 */
export async function keyEncryption(
  place: StorePlace,
  keys: SealedKeyStore,
  keyFile: string | undefined,
): Promise<KeyEncryption> {
  const needed = await neededKeyIds(keys)
  const found = await givenKey(keyFile, defaultKeyFile(place))
  if (found === undefined && needed.size > 0) throw lostKey(place, needed)
  const used = found ?? (await makeKeyFile(defaultKeyFile(place)))
  const other = [...needed].find((id) => id !== used.key.id)
  if (other !== undefined) throw wrongKey(place, used, other)
  return used
}

/** The same for commands that only look: nothing is made, and a wrong key is for them to report. */
export const givenKeyEncryption = (
  place: StorePlace,
  keyFile: string | undefined,
): Promise<KeyEncryption | undefined> => givenKey(keyFile, defaultKeyFile(place))

async function neededKeyIds(keys: SealedKeyStore): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for await (const { kekId } of keys.listKeys()) if (kekId !== undefined) ids.add(kekId)
  return ids
}

async function givenKey(
  keyFile: string | undefined,
  defaultFile: string,
): Promise<KeyEncryption | undefined> {
  if (keyFile !== undefined) return fromFile(keyFile)
  if (process.env[keyVariable] !== undefined) {
    return { key: keyEncryptionKeyFromEnv(keyVariable), source: keyVariable, isNew: false }
  }
  return existsSync(defaultFile) ? fromFile(defaultFile) : undefined
}

const fromFile = async (path: string): Promise<KeyEncryption> => ({
  key: await keyEncryptionKeyFromFile(path),
  source: path,
  isNew: false,
})

async function makeKeyFile(path: string): Promise<KeyEncryption> {
  const content = `# The key-encryption key of a Certwright store. With the store it gives away the private keys of its CAs, and
# without it they are lost: keep a copy, apart from copies of the store.
${randomBytes(32).toString('base64')}
`
  let isNew: boolean
  try {
    isNew = await writeSecretFile(path, content, { replace: false })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new CommandError(
      'failure',
      `cannot write key file ${path} (${code}); name another with --key-file once you have made it (openssl rand -base64 32), or give the key in ${keyVariable}`,
      { cause },
    )
  }
  return { ...(await fromFile(path)), isNew }
}

function lostKey(place: StorePlace, needed: ReadonlySet<string>): CommandError {
  return new CommandError(
    'failure',
    `cannot open the CA keys in ${placeName(place)}: they are sealed under key-encryption key ${[...needed].join(', ')}, and there is no ${defaultKeyFile(place)}; put that file back from your backup, or name it with --key-file or ${keyVariable}. Nobody can open them without it: to begin anew, use another place`,
  )
}

function wrongKey(place: StorePlace, { key, source }: KeyEncryption, needed: string): CommandError {
  return new CommandError(
    'failure',
    `cannot open the CA keys in ${placeName(place)}: they are sealed under key-encryption key ${needed}, and ${source} holds ${key.id}; give the one that was in use when they were made, with --key-file or ${keyVariable}`,
  )
}
