import { verifyCertificate } from '@certwright/core/path'
import { readArguments } from '../arguments.js'
import { printableJson } from '../printable.js'
import { usage } from '../usage.js'
import { coloursFor, renderVerdict } from '../verify/render-verdict.js'
import { verdictJson } from '../verify/verdict-json.js'
import { verifyFlags, verifyRequest } from '../verify/verify-request.js'

/** `certwright verify`: 0 for a valid certificate, 1 for one that is not, 2 for a command that was not understood. */
export async function verify(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('verify', args, verifyFlags)
  if (flags.has('help')) {
    process.stdout.write(`${usage.verify}\n`)
    return 0
  }
  const verdict = await verifyCertificate(await verifyRequest(flags, positionals))
  if (flags.has('json')) process.stdout.write(`${printableJson(verdictJson(verdict), 2)}\n`)
  else process.stdout.write(renderVerdict(verdict, coloursFor(process.stdout.isTTY)))
  return verdict.ok ? 0 : 1
}
