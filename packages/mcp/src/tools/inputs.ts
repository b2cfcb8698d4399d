import { z } from 'zod'

/*
 * The arguments that several tools share. Bounds of what certificates may hold are the authority's; here are those that
 * keep hostile input small.
 */

export const caId = z.guid().describe('The id of a certificate authority, from list_cas')
export const certificateId = z.guid().describe('The id of a certificate, from search_certificates')

/** A chain of a hundred certificates with RSA keys. */
const longestPem = 262_144

export const pemText = z.string().max(longestPem)

export const csrPem = z.string().max(65_536).describe('A PKCS#10 certification request, PEM')

export const validityDays = z
  .int()
  .min(1)
  .max(397)
  .exactOptional()
  .describe('Days of validity, 1 to 397; a profile may allow fewer')

/** An instant with its offset, or a date, which is its first second in UTC. */
export const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .describe('ISO 8601, as in 2026-03-01T12:00:00Z or 2026-03-01')

export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .exactOptional()
  .describe('Any unique text: the same request under the same key is answered once, for 24 hours')

/** What a subscriber may ask for, in both modes. */
export const wishedNames = {
  sanDns: z.array(z.string().max(2048)).max(100).exactOptional().describe('DNS names; * as the first label'),
  sanIp: z.array(z.string().max(100)).max(100).exactOptional().describe('IPv4 or IPv6 addresses'),
  validityDays,
  profile: z.string().max(100).exactOptional().describe('Default: serverAndClientAuth'),
} as const
