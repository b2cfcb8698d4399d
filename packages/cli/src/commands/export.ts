import { open, rm } from 'node:fs/promises'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { formats } from '../export/formats.js'
import { readMaterial } from '../export/material.js'
import { usage } from '../usage.js'

const flagTypes = {
  format: 'string',
  out: 'string',
  certificate: 'string',
  key: 'string',
  chain: 'string',
  name: 'string',
  'password-file': 'string',
  'key-password-file': 'string',
  force: 'boolean',
} as const

/** `certwright export`: an issued certificate in the form that other programs want. */
export async function exportContainer(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('export', args, flagTypes)
  if (flags.has('help')) {
    process.stdout.write(`${usage.export}\n`)
    return 0
  }
  const [surplus] = positionals
  if (surplus !== undefined) throw refuse(`"${surplus}" belongs to no flag`)
  const formatName = flags.get('format') ?? ''
  const format = Object.hasOwn(formats, formatName) ? formats[formatName] : undefined
  if (format === undefined) throw refuse(`name a format with --format: ${Object.keys(formats).join(', ')}`)
  const out = flags.get('out')
  if (out === undefined) throw refuse('name the file to write with --out')

  const material = await readMaterial(flags)
  const content = await format.make(material)
  await write(out, content, { isSecret: format.isSecret(material), overwrite: flags.has('force') })
  process.stderr.write(`certwright: wrote ${out}\n`)
  return 0
}

/** A file with a private key is readable by its owner from its first moment; nothing is overwritten unasked. */
async function write(
  file: string,
  content: Uint8Array | string,
  options: { readonly isSecret: boolean; readonly overwrite: boolean },
): Promise<void> {
  if (options.overwrite) await rm(file, { force: true })
  try {
    const handle = await open(file, 'wx', options.isSecret ? 0o600 : 0o644)
    try {
      await handle.writeFile(content)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const state =
      code === 'EEXIST' ? 'it exists; choose another name, or add --force' : `it cannot be written (${code})`
    throw new CommandError('failure', `cannot export: ${file}: ${state}`, { cause })
  }
}

const refuse = (state: string): CommandError =>
  new CommandError('usage', `cannot export: ${state}; see "certwright export --help"`)
