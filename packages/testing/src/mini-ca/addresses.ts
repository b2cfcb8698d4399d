import { accessMethods, authorityInfoAccess, cRLDistributionPoints, type Extension } from '@certwright/core'
import { extension } from '../forge/fields/extension-spec.js'

/** Where CRLs, OCSP and issuers are: RFC 6761 §6.2 keeps `.test` from ever resolving. */
export const baseUrl = 'http://pki.test'

/** What says where the status of a certificate is told, and who issued it (RFC 5280 §4.2.1.13, §4.2.2.1). */
export function addressesOf(issuerNumber: number): readonly Extension[] {
  const uri = (kind: string) => ({ type: 'uri', value: `${baseUrl}/${kind}/${issuerNumber}` }) as const
  return [
    extension(cRLDistributionPoints, [{ distributionPoint: { type: 'fullName', names: [uri('crl')] } }]),
    extension(authorityInfoAccess, [
      { accessMethod: accessMethods.ocsp, accessLocation: uri('ocsp') },
      { accessMethod: accessMethods.caIssuers, accessLocation: uri('ca') },
    ]),
  ]
}
