import type { CrlReason, KeyUsage, SerialNumber } from '@certwright/core'
import * as fc from 'fast-check'
import { keyUsages } from '../../../packages/core/src/x509/extensions/key-usage.js'
import type { AttributeReading } from '../reading.js'
import { reason, serialNumber, time } from './arbitrary-extensions.js'
import { objectId, octets } from './arbitrary-names.js'

/* What other libraries are given to encode: values that all of them can be told, as plain as they come. */

export interface PeerExtensions {
  readonly pathLength: number | undefined
  readonly usages: readonly KeyUsage[]
  readonly purposes: readonly string[]
  readonly keyIdentifier: Uint8Array
  readonly dns: readonly string[]
  readonly emails: readonly string[]
  readonly addresses: readonly string[]
  readonly crlUrls: readonly string[]
  readonly ocspUrls: readonly string[]
  readonly policies: readonly string[]
}

export interface PeerRequest extends PeerExtensions {
  readonly subject: readonly AttributeReading[]
}

export interface PeerCertificate extends PeerRequest {
  readonly serialNumber: SerialNumber
  readonly issuer: readonly AttributeReading[]
  readonly notBefore: Date
  readonly notAfter: Date
}

export interface PeerCrl {
  readonly issuer: readonly AttributeReading[]
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  readonly entries: readonly PeerEntry[]
}

export interface PeerEntry {
  readonly serialNumber: SerialNumber
  readonly revocationDate: Date
  readonly reason: Exclude<CrlReason, 'unspecified'>
  readonly invalidityDate: Date | undefined
}

/** OIDs of NameFields whose string type is DirectoryString, in one order. */
const attributeTypes = ['2.5.4.10', '2.5.4.11', '2.5.4.8', '2.5.4.7', '2.5.4.3'] as const

const attributes: fc.Arbitrary<readonly AttributeReading[]> = fc
  .subarray([...attributeTypes], { minLength: 1 })
  .chain((types) =>
    fc.tuple(
      ...types.map((type) =>
        fc.tuple(fc.constant(type), fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })),
      ),
    ),
  )

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { minLength: 1, maxLength: 3 })

const extensions = {
  pathLength: fc.option(fc.nat({ max: 1000 }), { nil: undefined }),
  usages: fc.subarray<KeyUsage>([...keyUsages], { minLength: 1 }),
  purposes: some(objectId),
  keyIdentifier: octets(1, 32),
  dns: some(fc.domain()),
  emails: some(fc.emailAddress()),
  addresses: some(fc.ipV4()),
  crlUrls: some(fc.webUrl()),
  ocspUrls: some(fc.webUrl()),
  policies: fc.uniqueArray(objectId, { minLength: 1, maxLength: 3 }),
}

export const peerRequest: fc.Arbitrary<PeerRequest> = fc.record({ ...extensions, subject: attributes })

export const peerCertificate: fc.Arbitrary<PeerCertificate> = fc.record({
  ...extensions,
  serialNumber,
  issuer: attributes,
  subject: attributes,
  notBefore: time,
  notAfter: time,
})

export const peerCrl: fc.Arbitrary<PeerCrl> = fc.record({
  issuer: attributes,
  thisUpdate: time,
  nextUpdate: time,
  entries: fc.uniqueArray(
    fc.record({
      serialNumber,
      revocationDate: time,
      reason: reason.filter((value): value is PeerEntry['reason'] => value !== 'unspecified'),
      invalidityDate: fc.option(time, { nil: undefined }),
    }),
    { selector: (entry) => entry.serialNumber, maxLength: 3 },
  ),
})
