import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { type SettableReason, settableReasons } from '../../rules/revocation/transitions.js'

export interface RevokeRequest {
  readonly certificateId: string
  /** `unspecified` where absent. */
  readonly reason?: SettableReason
  /** Needed where the issuing CA has a passphrase. */
  readonly caPassphrase?: string
}

const schema = z.strictObject({
  certificateId: uuid,
  reason: z.optional(z.enum(settableReasons)),
  caPassphrase: z.optional(z.string().check(z.maxLength(1024))),
}) as z.ZodMiniType<RevokeRequest>

/** @throws {PkiError} `invalid_request` */
export function parseRevokeRequest(input: unknown): RevokeRequest & { readonly reason: SettableReason } {
  const { reason = 'unspecified', ...request } = parsePlainData(schema, input, {
    action: 'Cannot revoke certificate',
  })
  return { ...request, reason }
}
