import { z } from 'zod'
import { parseParameters } from '../routes/parse-input.js'
import { caIdSchema } from '../schemas/certificate-requests.js'

/**
 * The CA in the path, as `caIdSchema` has it. Its pattern alone lets the good ones pass: the whole schema takes an eighth
 * of the CPU of an OCSP answer over HTTP, and is for telling what is wrong.
 *
 * @throws {PkiError} `invalid_request`: it is no UUID
 */
export function caIdOf({ caId }: Readonly<Record<string, string>>): string {
  return caId !== undefined && z.regexes.guid.test(caId)
    ? caId.toLowerCase()
    : parseParameters(caIdSchema, { caId }).caId
}
