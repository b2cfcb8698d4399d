import {
  bitString,
  encode,
  nullValue,
  objectIdentifier,
  raw,
  sequence,
  unsignedInteger,
} from '../../asn1/der-writer.js'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import { type Certificate, encodeTbsCertificate, parseCertificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { type KeyUsage, keyUsage } from '../../x509/extensions/key-usage.js'
import { type NameConstraints, nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { encodeSignedData } from '../../x509/signed-data.js'
import type { PathCandidate } from './check-issuance.js'

const point = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))
export const spkiDer = encode(sequence(raw(keyAlgorithms['ECDSA-P256'].identifierDer), bitString(point)))
export const spkiOf = (seed: number): Uint8Array =>
  encode(
    sequence(
      raw(keyAlgorithms['ECDSA-P256'].identifierDer),
      bitString(point.map((octet, i) => (i === 0 ? octet : octet ^ seed))),
    ),
  )
export const weakSpkiDer = encode(
  sequence(
    sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue),
    bitString(
      encode(
        sequence(unsignedInteger(new Uint8Array(128).fill(0xff)), unsignedInteger(Uint8Array.of(1, 0, 1))),
      ),
    ),
  ),
)

interface CaSpec {
  name: string
  issuer?: string
  isCa?: boolean
  pathLength?: number
  usages?: readonly KeyUsage[]
  purposes?: readonly string[]
  constraints?: NameConstraints
  sans?: readonly GeneralName[]
  notAfter?: string
  spkiDer?: Uint8Array
  more?: Extension
}

/** A certificate from a spec, unsigned: signatures are not looked at. */
export function certificate(spec: CaSpec): Certificate {
  const { name, issuer = name, isCa = true, usages = ['keyCertSign'] } = spec
  const signatureAlgorithmDer = signatureAlgorithms['ECDSA-SHA256'].identifierDer
  const critical = { critical: true }
  const tbsDer = encodeTbsCertificate({
    serialNumber: parseSerialNumber('4f00000000000001'),
    signatureAlgorithmDer,
    issuer: createName({ commonName: issuer }),
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date(spec.notAfter ?? '2035-12-31T23:59:59Z'),
    subject: createName({ commonName: name }),
    spkiDer: spec.spkiDer ?? spkiDer,
    extensions: [
      createExtension(basicConstraints, { isCa, pathLength: spec.pathLength }, critical),
      createExtension(keyUsage, usages, critical),
      ...(spec.purposes ? [createExtension(extendedKeyUsage, spec.purposes, { critical: false })] : []),
      ...(spec.constraints ? [createExtension(nameConstraints, spec.constraints, critical)] : []),
      ...(spec.sans ? [createExtension(subjectAltName, spec.sans, { critical: false })] : []),
      ...(spec.more ? [spec.more] : []),
    ],
  })
  return parseCertificate(encodeSignedData({ tbsDer, signatureAlgorithmDer, signature: Uint8Array.of(0) }))
}

export const root = (spec: Omit<CaSpec, 'name'> = {}): Certificate => certificate({ name: 'Root', ...spec })
export const sub = (spec: Partial<CaSpec> = {}): Certificate =>
  certificate({ name: 'Sub', issuer: 'Root', ...spec })
export const dns = (value: string): GeneralName => ({ type: 'dns', value })

export const leaf: PathCandidate = {
  subject: createName({ commonName: 'db.example.org' }),
  subjectAltNames: [dns('db.example.org')],
  isCa: false,
  extendedKeyUsage: [keyPurposes.serverAuth],
  notBefore: new Date('2026-06-01T00:00:00Z'),
  notAfter: new Date('2027-05-31T23:59:59Z'),
  publicKey: parsePublicKey(spkiDer),
}
export const newCa: PathCandidate = {
  ...leaf,
  subject: createName({ commonName: 'New' }),
  subjectAltNames: [],
  isCa: true,
  extendedKeyUsage: undefined,
}
export const permit = (value: string): NameConstraints => ({
  permitted: [{ base: dns(value), minimum: 0 }],
  excluded: [],
})

export const demandsPolicy = createExtension(
  policyConstraints,
  { requireExplicitPolicy: 0 },
  { critical: true },
)
export const hasPolicy = (policyIdentifier: string): Extension =>
  createExtension(certificatePolicies, [{ policyIdentifier, qualifiers: [] }], { critical: false })
