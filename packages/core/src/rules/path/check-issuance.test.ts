import { describe, expect, it } from 'vitest'
import { parsePublicKey } from '../../crypto/public-key.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension } from '../../x509/extension.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { checkIssuance, type PathCandidate } from './check-issuance.js'
import {
  weakSpkiDer,
  certificate,
  root,
  sub,
  dns,
  leaf,
  newCa,
  permit,
  demandsPolicy,
  hasPolicy,
} from './test-candidates.js'

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
