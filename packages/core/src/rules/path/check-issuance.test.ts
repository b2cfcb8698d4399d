import { describe, expect, it } from 'vitest'
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
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { type KeyUsage, keyUsage } from '../../x509/extensions/key-usage.js'
import { type NameConstraints, nameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { encodeSignedData } from '../../x509/signed-data.js'
import { checkIssuance, type PathCandidate } from './check-issuance.js'

const point = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))
const spkiDer = encode(sequence(raw(keyAlgorithms['ECDSA-P256'].identifierDer), bitString(point)))
const weakSpkiDer = encode(
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
function certificate(spec: CaSpec): Certificate {
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

const root = (spec: Omit<CaSpec, 'name'> = {}): Certificate => certificate({ name: 'Root', ...spec })
const sub = (spec: Partial<CaSpec> = {}): Certificate => certificate({ name: 'Sub', issuer: 'Root', ...spec })
const dns = (value: string): GeneralName => ({ type: 'dns', value })

const leaf: PathCandidate = {
  subject: createName({ commonName: 'db.example.org' }),
  subjectAltNames: [dns('db.example.org')],
  isCa: false,
  extendedKeyUsage: [keyPurposes.serverAuth],
  notBefore: new Date('2026-06-01T00:00:00Z'),
  notAfter: new Date('2027-05-31T23:59:59Z'),
  publicKey: parsePublicKey(spkiDer),
}
const newCa: PathCandidate = {
  ...leaf,
  subject: createName({ commonName: 'New' }),
  subjectAltNames: [],
  isCa: true,
  extendedKeyUsage: undefined,
}
const permit = (value: string): NameConstraints => ({
  permitted: [{ base: dns(value), minimum: 0 }],
  excluded: [],
})

/** `fault@depth` of each fault. */
function faultsOf(candidate: PathCandidate, ...chain: readonly Certificate[]): string[] {
  const verdict = checkIssuance(candidate, chain)
  return verdict.ok ? [] : verdict.faults.map(({ fault, depth }) => `${fault}@${depth}`)
}

describe('checkIssuance', () => {
  it.each<
    [sentence: string, candidate: PathCandidate, chain: readonly Certificate[], expected: readonly string[]]
  >([
    ['accepts a leaf below root and intermediate', leaf, [sub(), root()], []],
    [
      'refuses an issuer that is no CA',
      leaf,
      [sub({ isCa: false, usages: ['digitalSignature'] }), root()],
      ['not_a_ca@1', 'key_cert_sign_missing@1'],
    ],
    [
      'refuses an issuer that may sign CRLs only (§6.1.4 (n))',
      leaf,
      [sub({ usages: ['cRLSign'] }), root()],
      ['key_cert_sign_missing@1'],
    ],
    [
      'refuses a chain that does not chain (§6.1.3 (a)(4))',
      leaf,
      [sub({ issuer: 'Other' }), root()],
      ['chain_broken@1'],
    ],

    ['lets a CA with pathLength 0 issue leaves', leaf, [sub({ pathLength: 0 }), root({ pathLength: 1 })], []],
    [
      'lets no CA with pathLength 0 issue a CA',
      newCa,
      [sub({ pathLength: 0 }), root()],
      ['path_length_exceeded@1'],
    ],
    [
      'counts CAs up to the root, not to the nearest issuer',
      newCa,
      [sub(), root({ pathLength: 1 })],
      ['path_length_exceeded@2'],
    ],
    [
      'does not count self-issued CAs (§6.1.4 (l))',
      leaf,
      [certificate({ name: 'Root' }), root({ pathLength: 0 })],
      [],
    ],
    [
      'refuses a CA that promises more CAs below it than there is room for',
      { ...newCa, pathLength: 1 },
      [root({ pathLength: 1 })],
      ['path_length_exceeded@1'],
    ],
    [
      'accepts a CA that promises what there is room for',
      { ...newCa, pathLength: 0 },
      [root({ pathLength: 1 })],
      [],
    ],

    [
      'refuses a leaf that outlives its issuer',
      leaf,
      [sub({ notAfter: '2027-05-31T23:59:58Z' }), root()],
      ['validity_outside_issuer@1'],
    ],
    [
      'refuses a leaf that outlives the root but not its issuer',
      leaf,
      [sub(), root({ notAfter: '2027-01-01T00:00:00Z' })],
      ['validity_outside_issuer@2'],
    ],
    [
      'refuses a leaf that starts before its issuer',
      { ...leaf, notBefore: new Date('2025-12-31T23:59:59Z') },
      [root()],
      ['validity_outside_issuer@1'],
    ],

    [
      'refuses serverAuth below a CA for clientAuth',
      leaf,
      [sub({ purposes: [keyPurposes.clientAuth] }), root()],
      ['extended_key_usage_not_nested@1'],
    ],
    [
      'refuses serverAuth where the root is for clientAuth',
      leaf,
      [sub(), root({ purposes: [keyPurposes.clientAuth] })],
      ['extended_key_usage_not_nested@2'],
    ],
    [
      'accepts every purpose below anyExtendedKeyUsage',
      leaf,
      [sub({ purposes: [keyPurposes.anyExtendedKeyUsage] }), root()],
      [],
    ],
    [
      'lets a CA for serverAuth have an OCSP responder (RFC 6960 §4.2.2.2)',
      { ...leaf, extendedKeyUsage: [keyPurposes.ocspSigning] },
      [sub({ purposes: [keyPurposes.serverAuth] }), root()],
      [],
    ],

    [
      'refuses a weak key of the candidate',
      { ...leaf, publicKey: parsePublicKey(weakSpkiDer) },
      [root()],
      ['weak_key@0'],
    ],
    ['refuses a weak key in the chain', leaf, [sub(), root({ spkiDer: weakSpkiDer })], ['weak_key@2']],
    [
      'refuses an issuer with a critical extension that no validator knows',
      leaf,
      [sub({ more: { oid: '1.2.3.4', critical: true, valueDer: Uint8Array.of(5, 0) } }), root()],
      ['unprocessable_extension@1'],
    ],

    [
      'holds the leaf against the constraints of the root',
      leaf,
      [sub(), root({ constraints: permit('example.com') })],
      ['name_not_permitted@0'],
    ],
    [
      'does not let intermediates add permitted names that the root does not grant',
      leaf,
      [sub({ constraints: permit('example.org') }), root({ constraints: permit('example.com') })],
      ['name_not_permitted@0'],
    ],
    [
      'does not let intermediates drop the constraints of the root by having others',
      leaf,
      [sub({ constraints: permit('web.example.org') }), root({ constraints: permit('example.org') })],
      ['name_not_permitted@0'],
    ],
    [
      'holds the names of an intermediate against the root',
      leaf,
      [sub({ sans: [dns('ca.example.com')] }), root({ constraints: permit('example.org') })],
      ['name_not_permitted@1'],
    ],
    [
      'exempts a self-issued CA from constraints, but not a self-issued leaf (§6.1.3 (b))',
      { ...leaf, subject: createName({ commonName: 'Root' }), subjectAltNames: [dns('a.example.com')] },
      [
        certificate({ name: 'Root', sans: [dns('ca.example.com')] }),
        root({ constraints: permit('example.org') }),
      ],
      ['name_not_permitted@0'],
    ],
  ])('%s', (_, candidate, chain, expected) => {
    expect(faultsOf(candidate, ...chain)).toEqual(expected)
  })

  it('finds all faults and says each with its clause', () => {
    const verdict = checkIssuance(newCa, [sub({ pathLength: 0, notAfter: '2026-12-31T23:59:59Z' }), root()])
    expect(verdict).toEqual({
      ok: false,
      faults: [
        {
          fault: 'path_length_exceeded',
          depth: 1,
          clause: 'RFC 5280 §6.1.4 (l)',
          message: '"CN=Sub" allows 0 CAs below it (pathLenConstraint) and would have 1',
        },
        {
          fault: 'validity_outside_issuer',
          depth: 1,
          clause: 'RFC 5280 §6.1.3 (a)(2)',
          message:
            'the validity 2026-06-01T00:00:00Z to 2027-05-31T23:59:59Z is not inside that of "CN=Sub", 2026-01-01T00:00:00Z to 2026-12-31T23:59:59Z',
        },
      ],
    })
  })

  it('needs an issuer', () => {
    expect(() => checkIssuance(leaf, [])).toThrow(RangeError)
  })

  it('refuses more names times subtrees than others compare', () => {
    const excluded = Array.from({ length: 3000 }, (_, i) => ({ base: dns(`n${i}.example.com`), minimum: 0 }))
    const subjectAltNames = Array.from({ length: 400 }, (_, i) => dns(`m${i}.example.org`))
    const busy = root({ constraints: { permitted: [], excluded } })
    expect(faultsOf({ ...leaf, subjectAltNames: subjectAltNames.slice(0, 300) }, busy)).toEqual([])
    expect(faultsOf({ ...leaf, subjectAltNames }, busy)).toEqual(['name_constraint_budget@0'])
  })
})
