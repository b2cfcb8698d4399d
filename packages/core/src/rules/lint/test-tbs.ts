import { DerReader } from '../../asn1/der-reader.js'
import {
  bitString,
  encode,
  nullValue,
  objectIdentifier,
  raw,
  sequence,
  unsignedInteger,
} from '../../asn1/der-writer.js'
import { Tag } from '../../asn1/tags.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { encodePublicKey } from '../../crypto/public-key.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import { hexDecode, hexEncode } from '../../encoding/hex.js'
import type { LintFinding } from '../../errors/codes.js'
import { accessMethods } from '../../x509/access-description.js'
import { encodeTbsCertificate, parseCertificate, type TbsCertificate } from '../../x509/certificate.js'
import { createExtension, type Extension, type ExtensionType } from '../../x509/extension.js'
import { authorityInfoAccess } from '../../x509/extensions/authority-info-access.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName, emptyName, parseName, relativeDistinguishedName } from '../../x509/name.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { encodeSignedData } from '../../x509/signed-data.js'
import { lintTbs } from './lint.js'

/* A root and a leaf that no rule objects to, and what it takes to spoil one thing of them. */

export const ecPoint = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))
export const ecSpki = encode(
  sequence((out) => out.bytes(keyAlgorithms['ECDSA-P256'].identifierDer), bitString(ecPoint)),
)
export const edSpki = encode(
  sequence((out) => out.bytes(keyAlgorithms.Ed25519.identifierDer), bitString(new Uint8Array(32).fill(7))),
)

/** RSA with this modulus; a weak one, since no rule looks for the strength of the issuer's key. */
export function rsaSpki(octets: number): Uint8Array {
  const algorithm = sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue)
  return encode(sequence(algorithm, bitString(rsaKey(octets))))
}

function rsaKey(octets: number): Uint8Array {
  const modulus = new Uint8Array(octets).fill(0xff)
  return encode(sequence(unsignedInteger(modulus), unsignedInteger(Uint8Array.of(1, 0, 1))))
}

export const issuerName = createName({ commonName: 'Issuing CA', organization: 'Example', country: 'DE' })
export const issuerKeyIdentifier = Uint8Array.of(1, 2, 3, 4)
export const critical = <T>(type: ExtensionType<T>, value: T): Extension =>
  createExtension(type, value, { critical: true })
export const plain = <T>(type: ExtensionType<T>, value: T): Extension =>
  createExtension(type, value, { critical: false })
export const uri = (value: string): GeneralName => ({ type: 'uri', value })
export const dns = (value: string): GeneralName => ({ type: 'dns', value })
export const pointTo = (value: string) => [
  { distributionPoint: { type: 'fullName' as const, names: [uri(value)] } },
]

export const caExtensions: readonly Extension[] = [
  critical(basicConstraints, { isCa: true }),
  critical(keyUsage, ['keyCertSign', 'cRLSign']),
  plain(subjectKeyIdentifier, issuerKeyIdentifier),
]

export const ca: TbsCertificate = {
  serialNumber: parseSerialNumber('4f00000000000001'),
  signatureAlgorithmDer: signatureAlgorithms['ECDSA-SHA256'].identifierDer,
  issuer: issuerName,
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2035-12-31T23:59:59Z'),
  subject: issuerName,
  spkiDer: ecSpki,
  extensions: caExtensions,
}

export const leafExtensions: readonly Extension[] = [
  critical(basicConstraints, { isCa: false }),
  critical(keyUsage, ['digitalSignature']),
  plain(extendedKeyUsage, [keyPurposes.serverAuth]),
  plain(subjectAltName, [dns('db.example.org'), { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) }]),
  plain(subjectKeyIdentifier, Uint8Array.of(9)),
  plain(authorityKeyIdentifier, { keyIdentifier: issuerKeyIdentifier }),
  plain(cRLDistributionPoints, pointTo('http://pki.example.org/crl/1')),
  plain(authorityInfoAccess, [
    { accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri('http://pki.example.org/ocsp/1') },
  ]),
]

export const leaf: TbsCertificate = {
  ...ca,
  notAfter: new Date('2026-12-31T23:59:59Z'),
  subject: createName({ commonName: 'db.example.org' }),
  extensions: leafExtensions,
}

export const issuerOf = (tbs: TbsCertificate) =>
  parseCertificate(
    encodeSignedData({
      tbsDer: encodeTbsCertificate(tbs),
      signatureAlgorithmDer: tbs.signatureAlgorithmDer,
      signature: Uint8Array.of(0),
    }),
  )
export const issuer = issuerOf(ca)

/** The extensions with these in the place of those of the same type. */
export const withExtensions = (base: TbsCertificate, ...changed: readonly Extension[]): TbsCertificate => ({
  ...base,
  extensions: [...base.extensions.filter(({ oid }) => !changed.some((one) => one.oid === oid)), ...changed],
})
export const without = (base: TbsCertificate, type: { readonly oid: string }): TbsCertificate => ({
  ...base,
  extensions: base.extensions.filter(({ oid }) => oid !== type.oid),
})
export const named = (...names: readonly GeneralName[]): TbsCertificate =>
  withExtensions(leaf, plain(subjectAltName, names))
export const purposes = (...oids: readonly string[]): TbsCertificate =>
  withExtensions(leaf, plain(extendedKeyUsage, oids))
export const subjectOf = (type: string, tag: number, value: string) =>
  parseName(encode(sequence(relativeDistinguishedName([{ type, tag, value }]))))

export const lintLeaf = (tbs: TbsCertificate, by = issuer) =>
  lintTbs({ tbsDer: encodeTbsCertificate(tbs), issuer: by })
export const lintCa = (tbs: TbsCertificate) => lintTbs({ tbsDer: encodeTbsCertificate(tbs) })
export const lintDer = (tbsDer: Uint8Array) => lintTbs({ tbsDer, issuer })

/** An extension of this type with other bytes than its encoder writes. */
export const rawExtension = ({ oid }: { readonly oid: string }, hex: string): Extension => ({
  oid,
  critical: true,
  valueDer: hexDecode(hex),
})

/** The TBS with its notBefore, of this century, as GeneralizedTime. */
export function withGeneralizedTime(tbs: TbsCertificate): Uint8Array {
  const content = hexEncode(new DerReader(encodeTbsCertificate(tbs)).read(Tag.sequence))
  return encode(sequence(raw(hexDecode(content.replace('301e170d', '3020180f3230')))))
}

/** The leaf's TBS without version and extensions: version 1; or with unique identifiers: version 2. */
export function oldVersion(version: 1 | 2, uniqueIdTag: 0x81 | 0x82 = 0x81): Uint8Array {
  const whole = encodeTbsCertificate({ ...leaf, extensions: [] })
  // 30 82 LLLL a0 03 02 01 02 …: the header and the version go, another header comes.
  const headerOctets = (whole[1] as number) === 0x82 ? 4 : (whole[1] as number) === 0x81 ? 3 : 2
  const fields = whole.subarray(headerOctets + 5)
  const rest = version === 1 ? [] : [0xa0, 0x03, 0x02, 0x01, 0x01]
  const uniqueId = version === 1 ? [] : [uniqueIdTag, 0x02, 0x00, 0x07]
  return encode(sequence((out) => out.bytes(Uint8Array.from([...rest, ...fields, ...uniqueId]))))
}

export const key = (family: 'Ed25519' | 'RSA-1024') => ({
  ...leaf,
  spkiDer: family === 'Ed25519' ? edSpki : rsaSpki(128),
})
/** Of a type that no table has. */
export const noKey = encode(sequence(sequence(objectIdentifier('1.2.3.4')), bitString(Uint8Array.of(0))))
export const p384Spki = encodePublicKey(
  keyAlgorithms['ECDSA-P384'].identifierDer,
  Uint8Array.from({ length: 97 }, (_, i) => (i === 0 ? 4 : i)),
)
export const pssSpki = encode(
  sequence(sequence(objectIdentifier('1.2.840.113549.1.1.10')), bitString(rsaKey(256))),
)
export const mlDsaSpki = encodePublicKey(keyAlgorithms['ML-DSA-44'].identifierDer, new Uint8Array(1312))
export const slhDsaSpki = encodePublicKey(
  keyAlgorithms['SLH-DSA-SHAKE-128s'].identifierDer,
  new Uint8Array(32),
)
export const rsaSha256 = signatureAlgorithms['RSA-PKCS1-SHA256'].identifierDer
export const commonNameOf = (value: string) => subjectOf('2.5.4.3', Tag.utf8String, value)

export const responder = [
  { accessMethod: accessMethods.ocsp, accessLocation: uri('http://pki.example.org/ocsp/1') },
]
export const repository = [
  { accessMethod: accessMethods.caRepository, accessLocation: uri('http://pki.example.org/') },
]
export const withoutRevocation = without(without(leaf, cRLDistributionPoints), authorityInfoAccess)

export const emptySubject = { ...leaf, subject: emptyName }
export const constraints = { permitted: [{ base: dns('example.org'), minimum: 0 }], excluded: [] }

/** A rule, what is wrong, and what the rules find then: asked in the test, so that its work is the test's. */
export type LintCase = readonly [rule: string, sentence: string, findings: () => readonly LintFinding[]]
