import { z } from 'zod'

/*
 * The small values that the resources are made of. Ids are lowercase inside; a client may send capitals.
 * `meta` is what the OpenAPI document adds to what zod knows.
 */

export const uuid = z
  .guid('must be a UUID')
  .toLowerCase()
  .meta({ example: '3f6c1f0e-5f0a-4c83-9d4c-0b8b7a3f2c11' })

export const instant = z.iso.datetime().meta({ example: '2026-03-01T00:00:00.000Z' })

export const laterInstant = z.iso.datetime().meta({ example: '2027-03-01T00:00:00.000Z' })

export const nullableInstant = z.iso
  .datetime()
  .nullable()
  .meta({ description: 'null while it has not happened', example: null })

export const nullableText = z.string().nullable()

export const serialNumber = z
  .string()
  .meta({ description: 'Hexadecimal, in capitals', example: '5A1F0C77E2B94D3180AC' })

export const certificatePem = z.string().meta({
  description: 'RFC 7468',
  example: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----',
})

export const depth = z.int().meta({ description: '0 for a root', minimum: 0, maximum: undefined, example: 0 })

export const nullablePathLength = z.int().nullable().meta({
  description: 'How many CAs may follow below this one; null: any number',
  minimum: 0,
  maximum: undefined,
  example: null,
})

/** In answers. Open, for the library makes more than a client may ask for here, and will make others. */
export const keyAlgorithm = z.string().meta({
  description:
    'RSA-2048, RSA-4096, ECDSA-P256 or ECDSA-P384; another name, such as Ed25519 or ML-DSA-65, only where the ' +
    'host asked the library for it or the key came in a CSR',
  example: 'ECDSA-P256',
})

/** What a client may ask for; the library itself makes more. */
export const requestedKeyAlgorithm = z.enum(['RSA-2048', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384'])

export const requestedReason = z.enum([
  'unspecified',
  'keyCompromise',
  'caCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
])

export const nullableReason = z.string().nullable().meta({
  description: 'A reason of RFC 5280 §5.3.1, such as keyCompromise; null while not revoked',
  example: null,
})

export const dnsNames = z.array(z.string()).meta({ example: ['shop.example', '*.shop.example'] })
export const ipAddresses = z.array(z.string()).meta({ example: ['192.0.2.7', '2001:db8::7'] })
export const commonName = z.string().meta({ example: 'shop.example' })

/** Bounds are the authority's to check, because profiles differ; the document shows the widest. */
export const validityDays = z.int().exactOptional().meta({
  description: 'Default: 365, or less where the CA ends earlier. A profile may allow fewer days than 397',
  minimum: 1,
  maximum: 397,
})

export const passphrase = z
  .string()
  .exactOptional()
  .meta({ description: 'For a CA whose key is protected by one', format: 'password' })

/** A whole number as query text. Digits only: no sign, no exponent, no white space. */
export function integerText(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum))
}
