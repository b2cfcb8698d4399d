import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { type SettableReason, settableReasons } from '../../rules/revocation/transitions.js'

export interface RevokeRequest {
  readonly certificateId: string
  /** `unspecified` where absent. */
  readonly reason?: SettableReason
  /** Since when the key is known or suspected to be unsafe (RFC 5280 §5.3.2); not in the future. Cut to whole seconds. */
  readonly invalidityDate?: Date
  /** Needed where the issuing CA has a passphrase. */
  readonly caPassphrase?: string
}

const schema = z.strictObject({
  certificateId: uuid,
  reason: z.optional(z.enum(settableReasons)),
  invalidityDate: z.optional(z.date()),
  caPassphrase: z.optional(z.string().check(z.maxLength(1024))),
}) as z.ZodMiniType<RevokeRequest>

/** @throws {PkiError} `invalid_request` */
export function parseRevokeRequest(input: unknown): RevokeRequest & { readonly reason: SettableReason } {
  const { reason = 'unspecified', ...request } = parsePlainData(schema, input, {
    action: 'Cannot revoke certificate',
  })
  return { ...request, reason }
}

export interface ReleaseHoldRequest {
  readonly certificateId: string
  /** Needed where the issuing CA has a passphrase. */
  readonly caPassphrase?: string
}

const releaseSchema = z.strictObject({
  certificateId: uuid,
  caPassphrase: z.optional(z.string().check(z.maxLength(1024))),
}) as z.ZodMiniType<ReleaseHoldRequest>

/** @throws {PkiError} `invalid_request` */
export const parseReleaseHoldRequest = (input: unknown): ReleaseHoldRequest =>
  parsePlainData(releaseSchema, input, { action: 'Cannot end hold' })
