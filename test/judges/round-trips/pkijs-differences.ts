import {
  certificateIssuer,
  type Extension,
  type ExtensionType,
  issuingDistributionPoint,
  nameConstraints,
  policyConstraints,
  subjectAltName,
} from '@certwright/core'
import { createExtension } from '../../../packages/core/src/x509/extension.js'

/*
 * Where pkijs 4.0.0 does not find what stands in an extension, or does not write back what it has read, though the
 * encoding is the one of RFC 5280. A row that is no longer true fails.
 */

export interface Difference {
  readonly reason: string
  /** Whether pkijs misses the value itself, or only spoils it when it writes it again. */
  readonly spoils: 'value' | 'encoding'
  /** @param json the value in its plain form */
  readonly isIn: (json: string) => boolean
  readonly example: Extension
}

const example = <T>(type: ExtensionType<T>, value: T): Extension =>
  createExtension(type, value, { critical: false })

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

/** A count of `skipCerts` from which the INTEGER has four octets. */
const fourOctets = 2 ** 23

export const differences: readonly Difference[] = [
  {
    reason: 'an ediPartyName loses its content, and cannot be written',
    spoils: 'value',
    isIn: (json) => json.includes('"ediPartyName"'),
    example: example(subjectAltName, [{ type: 'ediPartyName', der: bytes('a505a1030c0141') }]),
  },
  {
    reason: 'a nameRelativeToCRLIssuer is not read',
    spoils: 'value',
    isIn: (json) => json.includes('"nameRelativeToCrlIssuer"'),
    example: example(issuingDistributionPoint, {
      distributionPoint: {
        type: 'nameRelativeToCrlIssuer',
        rdn: [{ type: '2.5.4.3', tag: 0x0c, value: 'CRL 1' }],
      },
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCRL: false,
    }),
  },
  {
    reason: 'of onlySomeReasons it takes the octet of unused bits for the reasons',
    spoils: 'value',
    isIn: (json) => json.includes('"onlySomeReasons"'),
    example: example(issuingDistributionPoint, {
      onlySomeReasons: ['keyCompromise'],
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCRL: false,
    }),
  },
  {
    reason: 'a number of policyConstraints is 0 where it has four octets',
    spoils: 'value',
    isIn: (json) =>
      [...json.matchAll(/"(?:requireExplicitPolicy|inhibitPolicyMapping)":(\d+)/g)].some(
        ([, count]) => Number(count) >= fourOctets,
      ),
    example: example(policyConstraints, { requireExplicitPolicy: fourOctets }),
  },
  {
    reason: 'it wants the distances of a subtree EXPLICIT',
    spoils: 'value',
    isIn: (json) => /"minimum":[1-9]|"maximum":\d/.test(json),
    example: example(nameConstraints, {
      permitted: [{ base: { type: 'dns', value: 'example.org' }, minimum: 1 }],
      excluded: [],
    }),
  },
  {
    reason: 'it wraps an otherName once more when it writes it',
    spoils: 'encoding',
    isIn: (json) => json.includes('"otherName"'),
    example: example(subjectAltName, [
      { type: 'otherName', typeId: '1.2.3.4', valueDer: Uint8Array.of(5, 0) },
    ]),
  },
  {
    reason: 'it wraps an x400Address once more when it writes it',
    spoils: 'encoding',
    isIn: (json) => json.includes('"x400Address"'),
    example: example(certificateIssuer, [{ type: 'x400Address', der: bytes('a3053003810141') }]),
  },
]
