import { isPkiError, parseCertificates, pemDecodeAll } from '@certwright/core'
import type { ServiceIdentity, VerifyRequest } from '@certwright/core/path'
import { isIP } from 'node:net'
import { CommandError } from '../command-error.js'
import { readInput } from '../inspect/read-input.js'

export const verifyFlags = {
  anchors: 'string',
  intermediates: 'string',
  crls: 'string',
  ocsp: 'string',
  name: 'string',
  purpose: 'string',
  at: 'string',
  profile: 'string',
  strict: 'boolean',
  'soft-fail': 'boolean',
  json: 'boolean',
} as const

/**
 * What the flags ask for. The first certificate of the file is the one that is verified; those behind it, as servers send
 * them, may be on its path.
 *
 * @throws {CommandError} a file that cannot be read, or a flag with a value that means nothing
 */
export async function verifyRequest(
  flags: ReadonlyMap<string, string>,
  positionals: readonly string[],
): Promise<VerifyRequest> {
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) {
    throw new CommandError('usage', 'cannot verify: name one file with the certificate')
  }
  const anchors = flags.get('anchors')
  if (anchors === undefined) {
    throw new CommandError('usage', 'cannot verify: name the file of the CAs that you trust with --anchors')
  }
  const [certificate, ...sent] = await readCertificates(file)
  if (certificate === undefined)
    throw new CommandError('failure', `cannot verify: ${file} holds no certificate`)
  const name = flags.get('name')
  const crls = flags.get('crls')
  const ocsp = flags.get('ocsp')
  return {
    certificate,
    intermediates: [...sent, ...(await optionalCertificates(flags.get('intermediates')))],
    trustAnchors: await readCertificates(anchors),
    at: timeOf(flags.get('at')),
    purpose: flags.get('purpose') ?? (name === undefined ? 'any' : 'serverAuth'),
    profile: profileOf(flags.get('profile')),
    strict: flags.has('strict'),
    ...(name !== undefined && { identity: identityOf(name) }),
    ...(crls !== undefined && { crls: blocksOf(await readBytes(crls)) }),
    ...(ocsp !== undefined && { ocspResponses: [await readBytes(ocsp)] }),
    ...(flags.has('soft-fail') && { revocation: 'soft-fail' as const }),
  }
}

function timeOf(text: string | undefined): Date {
  if (text === undefined) return new Date()
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new CommandError('usage', 'cannot verify: --at takes a time, as in 2026-03-01T12:00:00Z')
}

function profileOf(text: string | undefined): 'rfc5280' | 'webpki' {
  if (text === undefined || text === 'rfc5280') return 'rfc5280'
  if (text === 'webpki') return text
  throw new CommandError('usage', 'cannot verify: --profile is rfc5280 or webpki')
}

function identityOf(name: string): ServiceIdentity {
  if (isIP(name) !== 0) return { type: 'ip', value: name }
  if (/^[a-z][a-z0-9+.-]*:/i.test(name)) return { type: 'uri', value: name }
  return { type: name.includes('@') ? 'email' : 'dns', value: name }
}

const optionalCertificates = async (file: string | undefined): Promise<Uint8Array[]> =>
  file === undefined ? [] : readCertificates(file)

async function readBytes(file: string): Promise<Uint8Array> {
  const input = await readInput(file)
  if ('fault' in input)
    throw new CommandError('failure', `cannot verify: cannot read ${file}: ${input.fault}`)
  return input.bytes
}

async function readCertificates(file: string): Promise<Uint8Array[]> {
  const bytes = await readBytes(file)
  try {
    const isPem = Buffer.from(bytes).includes('-----BEGIN ')
    return parseCertificates(isPem ? Buffer.from(bytes).toString('latin1') : bytes).map(({ der }) => der)
  } catch (error) {
    if (!isPkiError(error)) throw error
    throw new CommandError('failure', `cannot verify: ${file}: ${error.message}`, { cause: error })
  }
}

/** CRLs as PEM, any number of them, or one as DER. */
function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const text = Buffer.from(bytes).toString('latin1')
  return text.includes('-----BEGIN ') ? pemDecodeAll(text).map(({ der }) => der) : [bytes]
}
