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
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { type KeyUsage, keyUsage } from '../../x509/extensions/key-usage.js'
import { type NameConstraints, nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { encodeSignedData } from '../../x509/signed-data.js'
import { checkIssuance, checkOtherPath, type PathCandidate } from './check-issuance.js'

const point = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))
const spkiDer = encode(sequence(raw(keyAlgorithms['ECDSA-P256'].identifierDer), bitString(point)))
const spkiOf = (seed: number): Uint8Array =>
  encode(
    sequence(
      raw(keyAlgorithms['ECDSA-P256'].identifierDer),
      bitString(point.map((octet, i) => (i === 0 ? octet : octet ^ seed))),
    ),
  )
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

const demandsPolicy = createExtension(policyConstraints, { requireExplicitPolicy: 0 }, { critical: true })
const hasPolicy = (policyIdentifier: string): Extension =>
  createExtension(certificatePolicies, [{ policyIdentifier, qualifiers: [] }], { critical: false })

/** `fault@depth` of each fault. */
function faultsOf(candidate: PathCandidate, ...chain: readonly Certificate[]): string[] {
  const verdict = checkIssuance(candidate, chain)
  return verdict.ok ? [] : verdict.faults.map(({ fault, depth }) => `${fault}@${depth}`)
}

const messageOf = (candidate: PathCandidate, ...chain: readonly Certificate[]) => {
  const verdict = checkIssuance(candidate, chain)
  return verdict.ok ? undefined : verdict.faults[0]?.message
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

  it('says how much room a CA would take, and whether it is there itself or promises it', () => {
    const room = '"CN=Root" allows 1 CAs below it (pathLenConstraint) and would have'
    expect(messageOf({ ...newCa, pathLength: 1 }, root({ pathLength: 1 }))).toBe(
      `${room} 2, counting those that the new one would allow`,
    )
    expect(messageOf(newCa, sub(), root({ pathLength: 1 }))).toBe(`${room} 2`)
    const noCa = sub({ isCa: false })
    expect(messageOf(leaf, noCa, root())).toBe('"CN=Sub" is not a CA (basicConstraints)')
    const names = [keyPurposes.clientAuth, '1.2.3.4']
    expect(
      messageOf(
        { ...leaf, extendedKeyUsage: [keyPurposes.serverAuth, '1.2.3.5', ...names] },
        root({ purposes: names }),
      ),
    ).toBe('"CN=Root" may issue for clientAuth, 1.2.3.4, not for serverAuth, 1.2.3.5')
    const long = 'x'.repeat(64)
    const [longName, other] = [certificate({ name: long, issuer: 'Other' }), root()]
    expect(messageOf(leaf, longName, other)).toBe(
      `"CN=${long}" names another issuer than "CN=Root", which follows it`,
    )
  })

  it('lets a certificate live as long as its issuer, to the second', () => {
    const { notBefore, notAfter } = root()
    expect(faultsOf({ ...leaf, notBefore, notAfter }, root())).toEqual([])
    expect(faultsOf({ ...leaf, notBefore, notAfter: new Date(notAfter.getTime() + 1000) }, root())).toEqual([
      'validity_outside_issuer@1',
    ])
  })

  it('has no purposes to nest where the certificate restricts none', () => {
    expect(
      faultsOf({ ...leaf, extendedKeyUsage: undefined }, root({ purposes: [keyPurposes.clientAuth] })),
    ).toEqual([])
    const both = [keyPurposes.serverAuth, keyPurposes.clientAuth]
    expect(faultsOf({ ...leaf, extendedKeyUsage: both }, root({ purposes: both }))).toEqual([])
  })

  it('looks at an issuer anew where its chain has changed', () => {
    const issuer = sub()
    expect(faultsOf(leaf, issuer, root())).toEqual([])
    expect(faultsOf(leaf, issuer, root({ pathLength: 0 }))).toEqual(['path_length_exceeded@2'])
    expect(faultsOf(leaf, issuer)).toEqual([])
    expect(faultsOf(leaf, issuer, root({ isCa: false }))).toEqual(['not_a_ca@2'])
  })

  it('refuses a certificate without the policy that a CA above asks for (§6.1.5)', () => {
    const demanding = root({ more: demandsPolicy })
    expect(faultsOf(leaf, demanding)).toEqual(['policy_not_valid@0'])
    expect(faultsOf({ ...leaf, extensions: [hasPolicy('1.3.1')] }, demanding)).toEqual([])
    expect(faultsOf({ ...leaf, extensions: [hasPolicy('1.3.1')] }, sub(), demanding)).toEqual([
      'policy_not_valid@1',
    ])
    expect(
      faultsOf({ ...leaf, extensions: [hasPolicy('1.3.1')] }, sub({ more: hasPolicy('1.3.2') }), root()),
    ).toEqual([])
    const verdict = checkIssuance(leaf, [demanding])
    expect(verdict).toMatchObject({
      faults: [
        {
          depth: 0,
          clause: 'RFC 5280 §6.1.5 (g)',
          message: expect.stringContaining('ends every policy') as string,
        },
      ],
    })
  })

  it('refuses a CA that maps anyPolicy', () => {
    const more = createExtension(
      policyMappings,
      [{ issuerDomainPolicy: '2.5.29.32.0', subjectDomainPolicy: '1.3.1' }],
      { critical: false },
    )
    expect(faultsOf(leaf, sub({ more }), root())).toEqual(['any_policy_mapped@1'])
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

const otherFaults = (candidate: PathCandidate, ...chain: readonly Certificate[]): string[] => {
  const verdict = checkOtherPath(candidate, chain)
  return verdict.ok ? [] : verdict.faults.map(({ fault, depth }) => `${fault}@${depth}`)
}

describe('checkOtherPath', () => {
  const clients = [keyPurposes.clientAuth]
  const servers = [keyPurposes.serverAuth]

  it.each<[string, PathCandidate, readonly Certificate[], readonly string[]]>([
    ['takes what is valid there', leaf, [sub(), root()], []],
    ['does not ask for the validity', leaf, [sub(), root({ notAfter: '2027-01-01T00:00:00Z' })], []],
    ['asks for the length', newCa, [root({ pathLength: 0 })], ['path_length_exceeded@1']],
    ['asks for purposes', leaf, [sub(), root({ purposes: clients })], ['extended_key_usage_not_nested@2']],
    ['asks for names', leaf, [sub(), root({ constraints: permit('example.com') })], ['name_not_permitted@0']],
    ['asks for policies', leaf, [root({ more: demandsPolicy })], ['policy_not_valid@0']],
  ])('%s', (_, candidate, chain, expected) => {
    expect(otherFaults(candidate, ...chain)).toEqual(expected)
  })

  const outside = { ...leaf, extendedKeyUsage: clients, subjectAltNames: [dns('db.example.com')] }
  const strict = { purposes: servers, constraints: permit('example.org') }
  it.each<[string, readonly Certificate[]]>([
    ['does not chain', [sub({ issuer: 'Other' }), root(strict)]],
    ['has an issuer that is no CA', [sub({ isCa: false }), root(strict)]],
    ['has an issuer that may not sign', [sub({ usages: ['cRLSign'] }), root(strict)]],
    ['is too long already', [sub(), root({ ...strict, pathLength: 0 })]],
    ['has a weak key', [sub({ spkiDer: weakSpkiDer }), root(strict)]],
    ['has a CA with a name that it may not have', [sub({ sans: [dns('ca.example.com')] }), root(strict)]],
    ['has CAs without a common purpose', [sub({ purposes: clients }), root(strict)]],
    [
      'has a CA without the policy that one above it asks for',
      [sub(), root({ ...strict, more: demandsPolicy })],
    ],
  ])('is not broken by this certificate where it %s', (_, chain) => {
    expect(otherFaults(outside, ...chain)).toEqual([])
  })

  it.each<[string, readonly Certificate[]]>([
    ['one purpose of several is common', [sub({ purposes: [...clients, ...servers] }), root(strict)]],
    [
      'one of them may issue for any purpose',
      [sub({ purposes: [keyPurposes.anyExtendedKeyUsage] }), root(strict)],
    ],
    ['one of them does not restrict purposes', [sub(), root(strict)]],
    ['it is as long as it may be', [sub(), root({ ...strict, pathLength: 1 })]],
    [
      'the policies that are asked for are there',
      [sub({ more: hasPolicy('1.3.1') }), root({ ...strict, more: demandsPolicy })],
    ],
  ])('is broken by it where %s', (_, chain) => {
    expect(otherFaults(outside, ...chain)).toContain('extended_key_usage_not_nested@2')
    expect(otherFaults(outside, ...chain)).toContain('name_not_permitted@0')
  })

  it('does not lead over the CA that is asked for itself (RFC 4158 §2.4.2)', () => {
    const again = { ...newCa, subject: createName({ commonName: 'Sub' }) }
    const full = root({ pathLength: 0 })
    expect(otherFaults(again, sub(), root({ constraints: permit('example.org') }))).toEqual([])
    expect(
      otherFaults({ ...newCa, subject: createName({ commonName: 'Root' }), pathLength: 1 }, full),
    ).toEqual([])
    // Another CA with the same key, and one of the same name with another.
    expect(otherFaults({ ...newCa, pathLength: 1 }, full)).toEqual(['path_length_exceeded@1'])
    const otherKey = sub({ spkiDer: spkiOf(9) })
    expect(otherFaults({ ...again, pathLength: 1 }, otherKey, root({ pathLength: 1 }))).toEqual([
      'path_length_exceeded@2',
    ])
  })
})
