import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { type SettableReason, settableReasons } from '../../rules/revocation/transitions.js'
import { parseSerialNumber, type SerialNumber } from '../../x509/serial-number.js'

export interface RecoveryQuery {
  /** 1 to 10,000; 1,000 where absent. The oldest come first. */
  readonly limit?: number
}

export interface RevokeReservationRequest {
  /** The issuer. */
  readonly caId: string
  /** Hex, as `recoverIssuances` gives it. */
  readonly serialNumber: string
  /** `unspecified` where absent. */
  readonly reason?: SettableReason
  /** Needed where the issuer has a passphrase. */
  readonly caPassphrase?: string
}

const recoveryQuery = z.strictObject({
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
}) as z.ZodMiniType<RecoveryQuery>

const revokeReservation = z.strictObject({
  caId: uuid,
  // Twenty octets in hex, and leading zeros that people add.
  serialNumber: z.string().check(z.maxLength(64)),
  reason: z.optional(z.enum(settableReasons)),
  caPassphrase: z.optional(z.string().check(z.maxLength(1024))),
}) as z.ZodMiniType<RevokeReservationRequest>

export const parseRecoveryQuery = (input: unknown): RecoveryQuery =>
  parsePlainData(recoveryQuery, input, { action: 'Cannot list open issuances' })

export function parseRevokeReservation(input: unknown): RevokeReservationRequest & {
  readonly serialNumber: SerialNumber
  readonly reason: SettableReason
} {
  const { reason = 'unspecified', ...request } = parsePlainData(revokeReservation, input, {
    action: 'Cannot revoke serial number',
  })
  return { ...request, reason, serialNumber: parseSerialNumber(request.serialNumber) }
}
