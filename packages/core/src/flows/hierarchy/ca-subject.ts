import type { PublicKey } from '../../crypto/public-key.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import type { Certificate } from '../../x509/certificate.js'
import { findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { nameConstraints, type NameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { Name } from '../../x509/name.js'

/** Who is certified, and what its CA certificates say. */
export interface CaSubject {
  readonly subject: Name
  readonly publicKey: PublicKey
  readonly pathLength?: number | undefined
  readonly nameConstraints?: NameConstraints | undefined
  readonly extendedKeyUsage?: readonly string[] | undefined
  /** What the certificates below point to, and builders of paths go by: the same in every certificate of the CA. */
  readonly subjectKeyIdentifier?: Uint8Array | undefined
}

/** The CA of a certificate, as another certificate would say it again. */
export function caSubject({ subject, spkiDer, extensions }: Certificate): CaSubject {
  return {
    subject,
    publicKey: parsePublicKey(spkiDer),
    pathLength: findExtension(extensions, basicConstraints)?.pathLength,
    nameConstraints: findExtension(extensions, nameConstraints),
    extendedKeyUsage: findExtension(extensions, extendedKeyUsage),
    subjectKeyIdentifier: findExtension(extensions, subjectKeyIdentifier),
  }
}
