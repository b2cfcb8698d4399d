import { z } from 'zod'
import { parseParameters } from '../routes/parse-input.js'
import { caIdSchema } from '../schemas/certificate-requests.js'

/**
 * The CA in the path, as `caIdSchema` has it. A well-formed id passes by its pattern: the schema would be a large part of
 * the work for an OCSP answer that was signed before. It tells what is wrong with another.
 *
 * @throws {PkiError} `invalid_request`: it is no UUID
 */
export function caIdOf({ caId }: Readonly<Record<string, string>>): string {
  return caId !== undefined && z.regexes.guid.test(caId)
    ? caId.toLowerCase()
    : parseParameters(caIdSchema, { caId }).caId
}
