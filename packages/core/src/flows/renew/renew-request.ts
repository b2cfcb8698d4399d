import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'

/** What a renewal takes. Names, profile and type of key are those of the certificate that is renewed. */
export interface RenewRequest {
  readonly certificateId: string
  /** 1 to 397. As long as the certificate that is renewed where absent, cut to profile and issuer. */
  readonly validityDays?: number
  /** Needed where the certificate came from a CSR; it may ask for no name that the certificate lacks. */
  readonly csrPem?: string
  readonly caPassphrase?: string
}

const schema = z.strictObject({
  certificateId: uuid,
  validityDays: z.optional(z.int()),
  csrPem: z.optional(z.string().check(z.maxLength(65_536))),
  caPassphrase: z.optional(z.string().check(z.maxLength(1024))),
}) as z.ZodMiniType<RenewRequest>

/** @throws {PkiError} `invalid_request` */
export const parseRenewRequest = (input: unknown): RenewRequest =>
  parsePlainData(schema, input, { action: 'Cannot renew certificate' })
