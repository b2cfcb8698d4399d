import {
  authorityKeyIdentifier,
  cRLNumber,
  type CrlReason,
  type Extension,
  pemEncode,
  reasonCode,
} from '@certwright/core'
import { encode, explicit, integer, type OptionalEncoder, raw, sequence } from '@certwright/core/der'
import {
  chosenExtensions,
  extension,
  extensionFields,
  type ExtensionSpec,
  type ExtensionsSpec,
} from './fields/extension-spec.js'
import { type NameSpec, nameDer } from './fields/name-spec.js'
import { type SerialSpec, serialField } from './fields/serial-spec.js'
import { daysFrom, forgeTime, type TimeSpec, timeField } from './fields/time-spec.js'
import type { ForgedIssuer } from './forge-certificate.js'
import { innerAlgorithmDer, signForgery, type SigningSpec } from './sign-forgery.js'

/** One entry: of what is forged, or of a serial number. */
export interface CrlEntrySpec {
  readonly serialNumber: SerialSpec
  /** Default: two days before `forgeTime`. */
  readonly revocationDate?: TimeSpec
  readonly reason?: CrlReason
  /** Behind the reason. */
  readonly extensions?: readonly ExtensionSpec[]
}

/** A CRL, field by field; what is absent is what a correct CA would write. */
export interface CrlSpec extends SigningSpec, ExtensionsSpec {
  readonly issuer: ForgedIssuer
  readonly issuerName?: NameSpec
  /** A number, or the DER of what stands in its place. Default: 2; 1 leaves it out. */
  readonly version?: 1 | 2 | Uint8Array
  readonly thisUpdate?: TimeSpec
  readonly nextUpdate?: TimeSpec | 'absent'
  /** DER: the whole list of entries. Default: none is revoked. */
  readonly entries?: readonly CrlEntrySpec[] | Uint8Array
  /** cRLNumber. Default: 1. */
  readonly number?: number | bigint
}

export interface ForgedCrl {
  readonly der: Uint8Array
  readonly pem: string
}

export function forgeCrl(spec: CrlSpec): ForgedCrl {
  const { issuer, nextUpdate = daysFrom(forgeTime, 6), version = 2 } = spec
  const defaults: Extension[] = [
    extension(authorityKeyIdentifier, { keyIdentifier: issuer.keyIdentifier }),
    extension(cRLNumber, BigInt(spec.number ?? 1)),
  ]
  const list = chosenExtensions(version === 1 ? [] : defaults, spec)
  const tbsDer = encode(
    sequence(
      versionField(version),
      raw(innerAlgorithmDer(spec, issuer.key)),
      raw(nameDer(spec.issuerName ?? issuer.subjectDer)),
      timeField(spec.thisUpdate ?? daysFrom(forgeTime, -1)),
      nextUpdate === 'absent' ? undefined : timeField(nextUpdate),
      entriesField(spec.entries ?? []),
      list.length === 0 ? undefined : explicit(0, extensionFields(list)),
    ),
  )
  const der = signForgery(tbsDer, spec, issuer.key)
  return { der, pem: pemEncode('X509 CRL', der) }
}

function versionField(version: NonNullable<CrlSpec['version']>): OptionalEncoder {
  if (version instanceof Uint8Array) return raw(version)
  return version === 1 ? undefined : integer(version - 1)
}

/** RFC 5280 §5.1.2.6: without entries the list is absent. */
function entriesField(entries: NonNullable<CrlSpec['entries']>): OptionalEncoder {
  if (entries instanceof Uint8Array) return raw(entries)
  return entries.length === 0 ? undefined : sequence(...entries.map(entryField))
}

function entryField({ serialNumber, revocationDate, reason, extensions = [] }: CrlEntrySpec) {
  const list = [...(reason === undefined ? [] : [extension(reasonCode, reason)]), ...extensions]
  return sequence(
    serialField(serialNumber),
    timeField(revocationDate ?? daysFrom(forgeTime, -2)),
    list.length === 0 ? undefined : extensionFields(list),
  )
}
