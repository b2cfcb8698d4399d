import { type CertificateContent } from '../../x509/certificate.js'
import { type Extension, type ExtensionType, findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { knownExtensions } from '../../x509/known-extensions.js'

/*
 * What several rules ask of a certificate.
 */

export const isCa = ({ extensions }: CertificateContent): boolean =>
  findExtension(extensions, basicConstraints)?.isCa ?? false

export const alternativeNamesOf = ({ extensions }: CertificateContent): readonly GeneralName[] =>
  findExtension(extensions, subjectAltName) ?? []

/** OIDs. */
export const purposesOf = ({ extensions }: CertificateContent): readonly string[] =>
  findExtension(extensions, extendedKeyUsage) ?? []

/** With its criticality, which `findExtension` does not tell. */
export const extensionOf = (
  { extensions }: CertificateContent,
  type: ExtensionType<unknown>,
): Extension | undefined => extensions.find(({ oid }) => oid === type.oid)

export const extensionName = (oid: string): string => knownExtensions.get(oid)?.name ?? oid

/** The first value that occurs again. */
export function firstRepeated(values: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const value of values) {
    if (seen.has(value)) return value
    seen.add(value)
  }
  return undefined
}
