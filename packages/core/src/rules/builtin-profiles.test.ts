import { describe, expect, it } from 'vitest'
import { bitString, encode, raw, sequence } from '../asn1/der-writer.js'
import { keyAlgorithms } from '../crypto/key-algorithms.js'
import { parsePublicKey } from '../crypto/public-key.js'
import { signatureAlgorithms } from '../crypto/signature-algorithms.js'
import { encodeTbsCertificate, parseCertificate } from '../x509/certificate.js'
import { createExtension, type Extension } from '../x509/extension.js'
import { authorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js'
import { basicConstraints } from '../x509/extensions/basic-constraints.js'
import { keyUsage } from '../x509/extensions/key-usage.js'
import { subjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js'
import { createName } from '../x509/name.js'
import { parseSerialNumber } from '../x509/serial-number.js'
import { encodeSignedData } from '../x509/signed-data.js'
import { lintTbs } from './lint/lint.js'
import { checkIssuance } from './path/check-issuance.js'
import { applyProfile } from './profile/apply-profile.js'
import { builtinProfiles } from './profile/builtin-profiles.js'
import { createProfiles, findProfile } from './profile/profiles.js'
import { type NameKind, noNames } from './profile/requested-names.js'

/* What the profiles make is what the lints and the path want. The rooms do not know each other; here they meet. */

const keyBits = { 'ECDSA-P256': 65, Ed25519: 32 } as const

function publicKey(algorithm: keyof typeof keyBits) {
  const bits = Uint8Array.from({ length: keyBits[algorithm] }, (_, i) => (i === 0 ? 4 : i))
  return parsePublicKey(encode(sequence(raw(keyAlgorithms[algorithm].identifierDer), bitString(bits))))
}

const signatureAlgorithmDer = signatureAlgorithms['ECDSA-SHA256'].identifierDer
const issuerName = createName({ commonName: 'Root' })
const serialNumber = parseSerialNumber('4f00000000000001')
const fromIssuer: readonly Extension[] = [
  createExtension(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(1) }, { critical: false }),
  createExtension(subjectKeyIdentifier, Uint8Array.of(2), { critical: false }),
]

const issuer = parseCertificate(
  encodeSignedData({
    signatureAlgorithmDer,
    signature: Uint8Array.of(0),
    tbsDer: encodeTbsCertificate({
      serialNumber,
      signatureAlgorithmDer,
      issuer: issuerName,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2035-12-31T23:59:59Z'),
      subject: issuerName,
      spkiDer: publicKey('ECDSA-P256').spkiDer,
      extensions: [
        createExtension(basicConstraints, { isCa: true, pathLength: 0 }, { critical: true }),
        createExtension(keyUsage, ['keyCertSign', 'cRLSign'], { critical: true }),
        createExtension(subjectKeyIdentifier, Uint8Array.of(1), { critical: false }),
      ],
    }),
  }),
)

const examples: Readonly<Record<NameKind, readonly string[]>> = {
  dns: ['DB.example.org', 'xn--bcher-kva.example'],
  ip: ['8.8.8.8', '2606:4700::1111'],
  email: ["O'Brien+tag@example.org"],
  uri: ['spiffe://example.org/ns/prod', 'urn:example:device:7'],
}

describe('a built-in profile', () => {
  const profiles = createProfiles()
  const algorithms = Object.keys(keyBits) as (keyof typeof keyBits)[]
  const rows = Object.keys(builtinProfiles).flatMap((name) => {
    const allowed = algorithms.filter((one) => findProfile(profiles, name).keyAlgorithms.includes(one))
    return allowed.flatMap((algorithm) => [
      [name, algorithm, 'Common Name'] as const,
      ...(findProfile(profiles, name).nameKinds.length > 0 ? [[name, algorithm, undefined] as const] : []),
    ])
  })

  it.each(rows)(
    '%s, %s, common name %s: no lint objects, and it will validate',
    (name, algorithm, commonName) => {
      const profile = findProfile(profiles, name)
      const names = {
        ...noNames,
        ...Object.fromEntries(profile.nameKinds.map((kind) => [kind, examples[kind]])),
      }
      const spec = applyProfile(profile, {
        commonName,
        names,
        publicKey: publicKey(algorithm),
        now: new Date('2026-06-01T00:00:00Z'),
        issuerValidity: issuer,
      })
      const tbsDer = encodeTbsCertificate({
        ...spec,
        serialNumber,
        signatureAlgorithmDer,
        issuer: issuer.subject,
        spkiDer: spec.publicKey.spkiDer,
        extensions: [...spec.extensions, ...fromIssuer],
      })
      expect(lintTbs({ tbsDer, issuer })).toEqual([])
      expect(checkIssuance({ ...spec, isCa: false }, [issuer])).toEqual({ ok: true })
    },
  )
})
