import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  extendedKeyUsage,
  type GeneralName,
  keyPurposes,
  keyUsage,
  pemEncode,
  subjectAltName,
  subjectKeyIdentifier,
} from '@certwright/core'
import { encode, explicit, integer, raw, sequence } from '@certwright/core/der'
import { chosenExtensions, extension, extensionFields, type ExtensionsSpec } from './fields/extension-spec.js'
import { type NameSpec, nameDer } from './fields/name-spec.js'
import { type SerialSpec, serialField, serialOctets, serialOf } from './fields/serial-spec.js'
import { daysFrom, forgeTime, type TimeSpec, timeField } from './fields/time-spec.js'
import { type ForgeKey, forgeKey } from './keys/forge-key.js'
import { innerAlgorithmDer, signForgery, type SigningSpec } from './sign-forgery.js'

/** Whose name stands as issuer, and whose key signs. */
export interface ForgedIssuer {
  /** Name, DER. */
  readonly subjectDer: Uint8Array
  readonly key: ForgeKey
  /** Its subjectKeyIdentifier, or what it would be. */
  readonly keyIdentifier: Uint8Array
}

/** A certificate, right or wrong, with the key to go on with. */
export interface ForgedCertificate extends ForgedIssuer {
  readonly der: Uint8Array
  readonly pem: string
  readonly issuerDer: Uint8Array
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array
}

/**
 * A certificate, field by field. What is absent is what a correct CA would write; what is given is written, whatever it
 * is. Nothing is checked.
 */
export interface CertificateSpec extends SigningSpec, ExtensionsSpec {
  readonly subject: NameSpec
  /** Absent: it signs itself. */
  readonly issuer?: ForgedIssuer
  /** Default: that of the subject's name, so that one name has one key. */
  readonly key?: ForgeKey
  /** Default: the issuer's subject. */
  readonly issuerName?: NameSpec
  /** A number, or the DER of what stands in the place of `[0]`. Default: 3; 1 leaves it out. */
  readonly version?: 1 | 2 | 3 | Uint8Array
  /** Default: one that follows from issuer, subject and key. */
  readonly serialNumber?: SerialSpec
  readonly notBefore?: TimeSpec
  readonly notAfter?: TimeSpec
  /** Default: the public half of the key. */
  readonly spkiDer?: Uint8Array
  /** DER between key and extensions: `[1]` and `[2]`, the unique identifiers. */
  readonly uniqueIdsDer?: Uint8Array
  /** DER behind everything else that is signed. */
  readonly behindExtensionsDer?: Uint8Array
}

/** A certificate without any extension but those of the spec. */
export const forgeCertificate = (spec: CertificateSpec): ForgedCertificate => forgeWith(spec, () => [])

export interface CaSpec extends CertificateSpec {
  /** Default: none. */
  readonly pathLength?: number
}

/** A CA: a root where it has no issuer. */
export const forgeCa = (spec: CaSpec): ForgedCertificate =>
  forgeWith({ ...caValidity, ...spec }, ({ key, issuer }) => [
    ...(issuer === undefined ? [] : [authorityKey(issuer)]),
    extension(subjectKeyIdentifier, key.keyIdentifier),
    extension(basicConstraints, { isCa: true, pathLength: spec.pathLength }, true),
    extension(keyUsage, ['keyCertSign', 'cRLSign'], true),
  ])

const caValidity = { notBefore: daysFrom(forgeTime, -365), notAfter: daysFrom(forgeTime, 3650) }

export interface EndEntitySpec extends Omit<CertificateSpec, 'subject'> {
  /** Default: the first of the names that is text, as common name. */
  readonly subject?: NameSpec
  /** subjectAltName: texts are DNS names. Default: `db.example.org`; empty: none. */
  readonly names?: readonly (string | GeneralName)[]
  /** OIDs. Default: serverAuth; empty: no extendedKeyUsage. */
  readonly purposes?: readonly string[]
}

/** A certificate for a server, or for whatever `purposes` says. */
export function forgeEndEntity(spec: EndEntitySpec): ForgedCertificate {
  const { names = ['db.example.org'], purposes = [keyPurposes.serverAuth] } = spec
  const alternatives = names.map(
    (name): GeneralName => (typeof name === 'string' ? { type: 'dns', value: name } : name),
  )
  const subject = spec.subject ?? commonNameOf(alternatives)
  return forgeWith({ ...spec, subject }, ({ issuer, key }) => [
    ...(issuer === undefined ? [] : [authorityKey(issuer)]),
    extension(subjectKeyIdentifier, key.keyIdentifier),
    extension(keyUsage, ['digitalSignature'], true),
    ...(purposes.length === 0 ? [] : [extension(extendedKeyUsage, purposes)]),
    ...(alternatives.length === 0 ? [] : [extension(subjectAltName, alternatives)]),
  ])
}

function commonNameOf(names: readonly GeneralName[]): string {
  for (const name of names) if ('value' in name) return name.value.slice(0, 64)
  return 'nobody'
}

const authorityKey = ({ keyIdentifier }: ForgedIssuer): Extension =>
  extension(authorityKeyIdentifier, { keyIdentifier })

interface Parties {
  readonly key: ForgeKey
  readonly issuer: ForgedIssuer | undefined
}

function forgeWith(
  spec: CertificateSpec,
  defaults: (parties: Parties) => readonly Extension[],
): ForgedCertificate {
  const subjectDer = nameDer(spec.subject)
  const key = spec.key ?? forgeKey(Buffer.from(subjectDer).toString('hex'))
  const { issuer, version = 3, spkiDer = key.spkiDer } = spec
  const signer = issuer?.key ?? key
  const issuerDer = nameDer(spec.issuerName ?? issuer?.subjectDer ?? subjectDer)
  const serialNumber = serialOctets(spec.serialNumber ?? serialOf(issuerDer, subjectDer, spkiDer))
  const list = chosenExtensions(defaults({ key, issuer }), spec)
  const tbsDer = encode(
    sequence(
      versionField(version),
      serialField(serialNumber),
      raw(innerAlgorithmDer(spec, signer)),
      raw(issuerDer),
      sequence(
        timeField(spec.notBefore ?? daysFrom(forgeTime, -30)),
        timeField(spec.notAfter ?? daysFrom(forgeTime, 60)),
      ),
      raw(subjectDer),
      raw(spkiDer),
      spec.uniqueIdsDer && raw(spec.uniqueIdsDer),
      list.length === 0 ? undefined : explicit(3, extensionFields(list)),
      spec.behindExtensionsDer && raw(spec.behindExtensionsDer),
    ),
  )
  const der = signForgery(tbsDer, spec, signer)
  const { keyIdentifier } = key
  const pem = pemEncode('CERTIFICATE', der)
  return { der, pem, subjectDer, issuerDer, serialNumber, key, keyIdentifier }
}

function versionField(version: NonNullable<CertificateSpec['version']>) {
  if (version instanceof Uint8Array) return raw(version)
  return version === 1 ? undefined : explicit(0, integer(version - 1))
}
