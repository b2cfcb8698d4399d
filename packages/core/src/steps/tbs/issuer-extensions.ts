import { keyIdentifier } from '../../crypto/key-identifier.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { accessMethods } from '../../x509/access-description.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension, findExtension } from '../../x509/extension.js'
import { authorityInfoAccess } from '../../x509/extensions/authority-info-access.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'

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
  readonly distribution: readonly Extension[]
  /** What is left of `distribution` where no revocation is published (RFC 9608 §3): the address of the issuer. */
  readonly issuerAddress: readonly Extension[]
}

const encoded = new WeakMap<Certificate, IssuerExtensions>()

export function issuerExtensions(
  issuer: { readonly ca: { readonly id: string }; readonly certificate: Certificate },
  settings: { readonly distributionUrl?: string },
): IssuerExtensions {
  const { ca, certificate } = issuer
  const known = encoded.get(certificate)
  if (known !== undefined) return known
  const made = {
    authorityKeyIdentifier: authorityKeyIdentifierOf(certificate),
    ...distributionExtensions(ca.id, settings.distributionUrl),
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
  distributionUrl: string | undefined,
): Pick<IssuerExtensions, 'distribution' | 'issuerAddress'> {
  if (distributionUrl === undefined) return { distribution: [], issuerAddress: [] }
  const at = (path: string) => ({ type: 'uri', value: `${distributionUrl}/${path}/${caId}` }) as const
  const points = [{ distributionPoint: { type: 'fullName', names: [at('crl')] } }] as const
  const responder = { accessMethod: accessMethods.ocsp, accessLocation: at('ocsp') }
  const issuer = { accessMethod: accessMethods.caIssuers, accessLocation: at('ca') }
  return {
    distribution: [
      createExtension(cRLDistributionPoints, points, { critical: false }),
      createExtension(authorityInfoAccess, [responder, issuer], { critical: false }),
    ],
    issuerAddress: [createExtension(authorityInfoAccess, [issuer], { critical: false })],
  }
}
