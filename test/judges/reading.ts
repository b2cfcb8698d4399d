/*
 * What a parser has found in an artefact, as plain data: the form in which two parsers are compared. Numbers are hex
 * without leading zeros, times are ISO 8601, names and extensions stand in their order.
 */

export interface CertificateReading {
  readonly serialNumber: string
  readonly issuer: readonly AttributeReading[]
  readonly subject: readonly AttributeReading[]
  readonly notBefore: string
  readonly notAfter: string
  readonly extensions: readonly ExtensionReading[]
  /** As `dns:example.org`; addresses as hex. */
  readonly altNames: readonly string[]
}

export interface CrlReading {
  readonly issuer: readonly AttributeReading[]
  readonly thisUpdate: string
  readonly nextUpdate: string | undefined
  readonly extensions: readonly ExtensionReading[]
  readonly entries: readonly {
    readonly serialNumber: string
    readonly revocationDate: string
    readonly extensions: readonly ExtensionReading[]
  }[]
}

export interface OcspReading {
  readonly status: number
  readonly producedAt?: string
  /** RFC 6960 §4.2.1, the hash of the key, hex. */
  readonly responderKeyHash?: string
  readonly responses?: readonly { readonly serialNumber: string; readonly status: string }[]
  readonly extensions?: readonly ExtensionReading[]
  readonly certificates?: number
}

export interface RequestReading {
  readonly subject: readonly AttributeReading[]
  readonly extensions: readonly ExtensionReading[]
}

export type Reading = CertificateReading | CrlReading | OcspReading

/** OID and text. */
export type AttributeReading = readonly [type: string, value: string]

/** OID, criticality, and the value as hex. */
export type ExtensionReading = readonly [oid: string, critical: boolean, value: string]

export const hexOf = (bytes: Uint8Array | ArrayBuffer): string =>
  Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString('hex')

/** A number from its octets or its hex digits. */
export const numberOf = (value: Uint8Array | string): string =>
  BigInt(`0x${typeof value === 'string' ? value : hexOf(value)}`).toString(16)
