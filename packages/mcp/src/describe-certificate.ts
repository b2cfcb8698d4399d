import {
  basicConstraints,
  extendedKeyUsage,
  findExtension,
  formatGeneralName,
  formatName,
  keyPurposeOf,
  keyUsage,
  parseCertificate,
  parsePublicKey,
  subjectAltName,
} from '@certwright/core'

/** What the certificate itself says, as far as people ask for it; the PEM beside it says the rest. */
export function describeCertificate(certificateDer: Uint8Array) {
  const { subject, issuer, spkiDer, extensions, version } = parseCertificate(certificateDer)
  const { keyAlgorithm, family, bits } = parsePublicKey(spkiDer)
  const purposes = findExtension(extensions, extendedKeyUsage)
  const constraints = findExtension(extensions, basicConstraints)
  return {
    version,
    subject: formatName(subject),
    issuer: formatName(issuer),
    publicKey: keyAlgorithm ?? `${family} of ${bits} bits`,
    subjectAltName: (findExtension(extensions, subjectAltName) ?? []).map(formatGeneralName),
    keyUsage: findExtension(extensions, keyUsage) ?? [],
    extendedKeyUsage: (purposes ?? []).map((oid) => keyPurposeOf(oid) ?? oid),
    isCa: constraints?.isCa ?? false,
    ...(constraints?.pathLength !== undefined && { pathLength: constraints.pathLength }),
    criticalExtensions: extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
  }
}
