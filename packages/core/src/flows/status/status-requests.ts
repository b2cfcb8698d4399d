import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { parseSerialNumber, type SerialNumber } from '../../x509/serial-number.js'

export interface StatusQuery {
  /** The issuer. */
  readonly caId: string
  /** Hex. */
  readonly serialNumber: string
  /** The time that is asked about. */
  readonly at: Date
}

export interface KnownStatusQuery extends StatusQuery {
  /** What was known then is told. */
  readonly knownAt: Date
}

export interface CrlAsOfQuery {
  readonly caId: string
  readonly at: Date
}

// Twenty octets in hex, and leading zeros that people add.
const serialNumber = z.string().check(z.maxLength(64))
const statusQuery = z.strictObject({ caId: uuid, serialNumber, at: z.date() }) as z.ZodMiniType<StatusQuery>
const knownStatusQuery = z.strictObject({
  caId: uuid,
  serialNumber,
  at: z.date(),
  knownAt: z.date(),
}) as z.ZodMiniType<KnownStatusQuery>
const crlAsOfQuery = z.strictObject({ caId: uuid, at: z.date() }) as z.ZodMiniType<CrlAsOfQuery>

const status = { action: 'Cannot tell status' }

interface Parsed {
  readonly serialNumber: SerialNumber
}

export function parseStatusQuery(input: unknown): StatusQuery & Parsed {
  const query = parsePlainData(statusQuery, input, status)
  return { ...query, serialNumber: parseSerialNumber(query.serialNumber) }
}

export function parseKnownStatusQuery(input: unknown): KnownStatusQuery & Parsed {
  const query = parsePlainData(knownStatusQuery, input, status)
  return { ...query, serialNumber: parseSerialNumber(query.serialNumber) }
}

export const parseCrlAsOfQuery = (input: unknown): CrlAsOfQuery =>
  parsePlainData(crlAsOfQuery, input, { action: 'Cannot tell entries' })
