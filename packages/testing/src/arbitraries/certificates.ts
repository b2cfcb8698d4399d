import * as fc from 'fast-check'
import {
  certificatePolicies,
  cRLDistributionPoints,
  type Extension,
  extendedKeyUsage,
  keyPurposes,
  keyUsage,
  subjectAltName,
} from '@certwright/core'
import { extension, rawExtension } from '../forge/fields/extension-spec.js'
import { forgeTime } from '../forge/fields/time-spec.js'
import { forgeCertificate, type ForgedCertificate } from '../forge/forge-certificate.js'
import { keyPair } from './keys.js'
import { distinguishedName, hostName, subjectAltNameOf } from './names.js'

/** Extensions that may stand beside each other, each at most once. */
const extensions = (): fc.Arbitrary<readonly Extension[]> =>
  fc
    .record(
      {
        names: fc
          .array(subjectAltNameOf(), { minLength: 1, maxLength: 4 })
          .map((names) => extension(subjectAltName, names)),
        usages: fc
          .subarray(['digitalSignature', 'keyEncipherment', 'keyAgreement'] as const, { minLength: 1 })
          .map((usages) => extension(keyUsage, usages, true)),
        purposes: fc
          .subarray([keyPurposes.serverAuth, keyPurposes.clientAuth, keyPurposes.codeSigning], {
            minLength: 1,
          })
          .map((purposes) => extension(extendedKeyUsage, purposes)),
        policies: fc
          .uniqueArray(fc.nat(99), { minLength: 1, maxLength: 3 })
          .map((arcs) => extension(certificatePolicies, arcs.map(policyOf))),
        lists: hostName().map((host) =>
          extension(cRLDistributionPoints, [
            {
              distributionPoint: {
                type: 'fullName',
                names: [{ type: 'uri', value: `http://${host}/ca.crl` }],
              },
            },
          ]),
        ),
        unknown: fc
          .uint8Array({ maxLength: 20 })
          .map((octets) => rawExtension('1.3.6.1.4.1.99999.8.1', octets)),
      },
      { requiredKeys: [] },
    )
    .map((chosen) => Object.values(chosen))

const policyOf = (arc: number) => ({ policyIdentifier: `1.3.6.1.4.1.99999.9.${arc}`, qualifiers: [] })

/**
 * A certificate by itself, well-formed, signed with its own key: for whoever reads certificates. Shrinks towards one
 * without extensions.
 */
export const certificate = (): fc.Arbitrary<ForgedCertificate> =>
  fc
    .record({
      subject: distinguishedName(),
      key: keyPair(),
      serialNumber: fc.bigInt({ min: 1n, max: 2n ** 158n }),
      extensions: extensions(),
      days: fc.integer({ min: 1, max: 20_000 }),
    })
    .map(({ days, extensions: extensionList, ...spec }) =>
      forgeCertificate({
        ...spec,
        extensionList,
        notBefore: forgeTime,
        notAfter: new Date(forgeTime.getTime() + days * 86_400_000),
      }),
    )
