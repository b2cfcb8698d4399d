import { keyIdentifier } from '../../crypto/key-identifier.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { formatListScope, type ListScope, partitionOf } from '../../rules/revocation/list-scope.js'
import { accessMethods } from '../../x509/access-description.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension, findExtension } from '../../x509/extension.js'
import { authorityInfoAccess } from '../../x509/extensions/authority-info-access.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { freshestCRL } from '../../x509/extensions/freshest-crl.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { GeneralName } from '../../x509/general-name.js'
import type { SerialNumber } from '../../x509/serial-number.js'
import type { Settings } from '../deps.js'

/** The issuer's own subjectKeyIdentifier (RFC 5280 §4.2.1.1), or, where it has none, the one that its key would get. */
function issuerKeyIdentifier(issuer: Certificate): Uint8Array {
  return (
    findExtension(issuer.extensions, subjectKeyIdentifier) ??
    keyIdentifier(parsePublicKey(issuer.spkiDer).keyBits)
  )
}

export const authorityKeyIdentifierOf = (issuer: Certificate): Extension =>
  createExtension(authorityKeyIdentifier, { keyIdentifier: issuerKeyIdentifier(issuer) }, { critical: false })

/** What every certificate below a CA says of it, encoded once. A parsed certificate belongs to one authority and one CA. */
export interface IssuerExtensions {
  readonly authorityKeyIdentifier: Extension
  /** What is left where no revocation is published (RFC 9608 §3): the address of the issuer. */
  readonly issuerAddress: readonly Extension[]
  /** Where the status of a certificate is found, by its serial number, and the address of the issuer. */
  readonly distribution: (serialNumber: SerialNumber) => readonly Extension[]
}

type Distribution = Pick<Settings, 'distributionUrl' | 'crlPartitions' | 'crlDeltaValiditySeconds'>

const encoded = new WeakMap<Certificate, IssuerExtensions>()

export function issuerExtensions(
  issuer: { readonly ca: { readonly id: string }; readonly certificate: Certificate },
  settings: Distribution,
): IssuerExtensions {
  const { ca, certificate } = issuer
  const known = encoded.get(certificate)
  if (known !== undefined) return known
  const made = {
    authorityKeyIdentifier: authorityKeyIdentifierOf(certificate),
    ...distributionExtensions(ca.id, settings),
  }
  encoded.set(certificate, made)
  return made
}

/**
 * Where relying parties find the issuer's CRL (§4.2.1.13), its OCSP responder and its certificate (§4.2.2.1). Plain
 * HTTP, as both sections advise: the answers are signed, and HTTPS could need the very answer that it fetches.
 */
function distributionExtensions(
  caId: string,
  settings: Distribution,
): Pick<IssuerExtensions, 'distribution' | 'issuerAddress'> {
  const { distributionUrl, crlPartitions } = settings
  if (distributionUrl === undefined) return { distribution: () => [], issuerAddress: [] }
  const at = (path: string) => ({ type: 'uri', value: `${distributionUrl}/${path}/${caId}` }) as const
  const responder = { accessMethod: accessMethods.ocsp, accessLocation: at('ocsp') }
  const issuer = { accessMethod: accessMethods.caIssuers, accessLocation: at('ca') }
  const services = createExtension(authorityInfoAccess, [responder, issuer], { critical: false })
  const pointTo = (scope: ListScope): readonly Extension[] => [
    createExtension(cRLDistributionPoints, [pointAt(listAddress(caId, scope, distributionUrl))], {
      critical: false,
    }),
    services,
  ]
  const issuerAddress = [createExtension(authorityInfoAccess, [issuer], { critical: false })]
  if (crlPartitions === undefined) {
    const everywhere = [...pointTo({ kind: 'complete' }), ...freshestList(caId, settings)]
    return { distribution: () => everywhere, issuerAddress }
  }
  const byPartition = new Map<string, readonly Extension[]>()
  const distribution = (serialNumber: SerialNumber): readonly Extension[] => {
    const scope = partitionOf(serialNumber, crlPartitions)
    const name = formatListScope(scope)
    const extensions = byPartition.get(name) ?? pointTo(scope)
    byPartition.set(name, extensions)
    return extensions
  }
  return { distribution, issuerAddress }
}

const pointAt = (address: GeneralName) =>
  ({ distributionPoint: { type: 'fullName', names: [address] } }) as const

/** The complete list has the address that it had before there were others. */
export const listAddress = (caId: string, scope: ListScope, distributionUrl: string): GeneralName => ({
  type: 'uri',
  value: `${distributionUrl}/crl/${caId}${scope.kind === 'complete' ? '' : `/${formatListScope(scope)}`}`,
})

/** Where the delta CRL of the complete list is (§4.2.1.15, §5.2.6). */
export function freshestList(caId: string, settings: Distribution): readonly Extension[] {
  const { distributionUrl, crlDeltaValiditySeconds } = settings
  if (distributionUrl === undefined || crlDeltaValiditySeconds === undefined) return []
  const point = pointAt(listAddress(caId, { kind: 'delta' }, distributionUrl))
  return [createExtension(freshestCRL, [point], { critical: false })]
}
