import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension } from '../../x509/extension.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { inhibitAnyPolicy } from '../../x509/extensions/inhibit-any-policy.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import {
  caOf,
  certificateOf,
  days,
  leafOf,
  newKey,
  noon,
  shuffled,
  type TestCa,
} from '../../rules/path/test-certificates.js'
import { type PathVerdict, verifyCertificate, type VerifyRequest } from './verify-certificate.js'

/** Ed25519 by node:crypto answers at once. */
function verify(request: Omit<VerifyRequest, 'at'> & { readonly at?: Date }): PathVerdict {
  const verdict = verifyCertificate({ at: noon, purpose: 'any', ...request })
  if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
  return verdict
}

const firstFault = (verdict: PathVerdict): string =>
  verdict.ok ? 'valid' : (verdict.faults[0]?.fault ?? 'none')

const permit = (...hosts: string[]) =>
  createExtension(
    nameConstraints,
    {
      permitted: hosts.map((value) => ({ base: { type: 'dns' as const, value }, minimum: 0 })),
      excluded: [],
    },
    { critical: true },
  )

const policies = (...oids: string[]) =>
  createExtension(
    certificatePolicies,
    oids.map((policyIdentifier) => ({ policyIdentifier, qualifiers: [] })),
    { critical: false },
  )

const root = caOf('Root')
const issuing = caOf('Issuing', { issuer: root, pathLength: 0 })
const leaf = leafOf(issuing)
const trusted = { trustAnchors: [root.certificate] }
const below = { ...trusted, intermediates: [issuing.certificate] }

const forPurposes = (...oids: readonly string[]) =>
  leafOf(issuing, {
    extensions: oids.length === 0 ? [] : [createExtension(extendedKeyUsage, oids, { critical: false })],
  })

const isTrustedAlone = (certificate: Certificate, asEndEntity: boolean | 'self-signed'): boolean =>
  verify({ certificate, trustAnchors: [certificate], anchor: { asEndEntity } }).ok

describe('a path', () => {
  it('is given from the end entity to the anchor', () => {
    const verdict = verify({
      ...below,
      certificate: leaf,
      identity: { type: 'dns', value: 'db.example.org' },
    })
    expect(verdict).toEqual({ ok: true, path: [leaf, issuing.certificate, root.certificate], policies: [] })
  })

  const deep = caOf('Deep', { issuer: issuing })
  const noSign = caOf('No sign', { issuer: root, usages: ['cRLSign'] })
  const impostor = caOf('Issuing', { issuer: caOf('Other root') })
  const narrow = caOf('Narrow', { issuer: root, extensions: [permit('example.com')] })
  const forClients = caOf('Clients', {
    issuer: root,
    extensions: [createExtension(extendedKeyUsage, [keyPurposes.clientAuth], { critical: false })],
  })
  const odd = { oid: '1.2.3.4', critical: true, valueDer: Uint8Array.of(5, 0) }
  const rows: [string, string, Parameters<typeof verify>[0]][] = [
    ['expired', 'expired', { ...below, certificate: leaf, at: days(301) }],
    ['not yet valid', 'not_yet_valid', { ...below, certificate: leaf, at: days(-2) }],
    ['without its intermediate', 'unknown_issuer', { ...trusted, certificate: leaf }],
    ['without an anchor', 'unknown_issuer', { ...below, trustAnchors: [], certificate: leaf }],
    [
      'for another host',
      'identity_mismatch',
      { ...below, certificate: leaf, identity: { type: 'dns', value: 'example.org' } },
    ],
    [
      'with more CAs than pathLenConstraint allows',
      'path_length_exceeded',
      { ...trusted, intermediates: [issuing.certificate, deep.certificate], certificate: leafOf(deep) },
    ],
    [
      'below a CA that may not sign certificates',
      'key_cert_sign_missing',
      { ...trusted, intermediates: [noSign.certificate], certificate: leafOf(noSign) },
    ],
    [
      'below an end entity',
      'not_a_ca',
      {
        ...below,
        intermediates: [issuing.certificate, leaf],
        certificate: leafOf({ name: 'db.example.org', key: newKey(), certificate: leaf }),
      },
    ],
    [
      'signed by a key of somebody with the name of its issuer',
      'signature_invalid',
      { ...below, certificate: leafOf(impostor) },
    ],
    [
      'with a name outside the subtrees of its CA',
      'name_not_permitted',
      { ...trusted, intermediates: [narrow.certificate], certificate: leafOf(narrow) },
    ],
    [
      'for a purpose that a CA above may not issue for',
      'purpose_not_nested',
      {
        ...trusted,
        intermediates: [forClients.certificate],
        certificate: leafOf(forClients),
        purpose: 'serverAuth',
      },
    ],
    [
      'with an unknown critical extension',
      'unprocessable_extension',
      { ...below, certificate: leafOf(issuing, { extensions: [odd] }) },
    ],
    ['deeper than asked for', 'path_too_long', { ...below, certificate: leaf, maximumDepth: 0 }],
  ]
  it.each(rows)('is refused %s: %s', (_, fault, request) => {
    const verdict = verify(request)
    expect(firstFault(verdict)).toBe(fault)
    if (!verdict.ok) expect(verdict.faults[0]).toMatchObject({ clause: expect.stringMatching(/§|table/) })
  })

  describe('where the purpose must be named', () => {
    it.each<[string, boolean, Certificate]>([
      ['is taken for it', true, forPurposes(keyPurposes.serverAuth)],
      ['is taken for it among others', true, forPurposes(keyPurposes.clientAuth, keyPurposes.serverAuth)],
      ['is refused for another', false, forPurposes(keyPurposes.clientAuth)],
      ['is refused for any', false, forPurposes(keyPurposes.anyExtendedKeyUsage)],
      ['is refused for none', false, forPurposes()],
    ])('%s', (_, isValid, certificate) => {
      const asked = { ...below, certificate, purpose: 'serverAuth', requirePurpose: true } as const
      expect(firstFault(verify(asked))).toBe(isValid ? 'valid' : 'purpose_refused')
    })

    it('needs a purpose', () => {
      expect(() => verify({ ...below, certificate: leaf, purpose: 'any', requirePurpose: true })).toThrow(
        RangeError,
      )
    })
  })

  it('is the certificate alone where that is trusted, or only where it signs itself', () => {
    const selfSigned = certificateOf({ name: 'db.example.org', key: newKey() })
    expect(isTrustedAlone(leaf, true)).toBe(true)
    expect(isTrustedAlone(leaf, 'self-signed')).toBe(false)
    expect(isTrustedAlone(leaf, false)).toBe(false)
    expect(isTrustedAlone(selfSigned, 'self-signed')).toBe(true)
  })

  it('takes a common name for no name at all (RFC 9525 §2)', () => {
    const certificate = certificateOf({ name: 'db.example.org', key: newKey(), issuer: issuing })
    expect(
      firstFault(verify({ ...below, certificate, identity: { type: 'dns', value: 'db.example.org' } })),
    ).toBe('identity_mismatch')
  })

  it('is found behind a dead end, an expired twin and a cross-certificate (RFC 4158)', () => {
    const elsewhere = caOf('Elsewhere')
    const twins = [
      caOf('Issuing', { issuer: elsewhere, key: issuing.key }).certificate,
      caOf('Issuing', { issuer: root, key: issuing.key, notAfter: days(-1, days(0)) }).certificate,
      caOf('Elsewhere', { issuer: caOf('Nobody'), key: elsewhere.key }).certificate,
      issuing.certificate,
    ]
    for (let seed = 0; seed < 24; seed++) {
      expect(verify({ ...trusted, intermediates: shuffled(twins, seed), certificate: leaf }).ok).toBe(true)
    }
  })
})

describe('policies (RFC 9618)', () => {
  const gold = '1.2.3.1'
  const silver = '1.2.3.2'
  const mapped = createExtension(
    policyMappings,
    [{ issuerDomainPolicy: gold, subjectDomainPolicy: silver }],
    { critical: true },
  )
  const explicit = createExtension(policyConstraints, { requireExplicitPolicy: 0 }, { critical: true })
  const noAny = createExtension(inhibitAnyPolicy, 0, { critical: true })

  const outcome = (
    ofCa: Parameters<typeof policies>,
    more: Parameters<typeof caOf>[1],
    ofLeaf: string[],
  ): string => {
    const ca = caOf('Policy CA', {
      issuer: root,
      extensions: [policies(...ofCa), ...(more?.extensions ?? [])],
    })
    const certificate = leafOf(ca, { extensions: ofLeaf.length === 0 ? [] : [policies(...ofLeaf)] })
    const verdict = verify({ ...trusted, intermediates: [ca.certificate], certificate })
    return verdict.ok ? verdict.policies.join(' ') : firstFault(verdict)
  }

  const any = '2.5.29.32.0'
  const rows: [string, string, string[], readonly ReturnType<typeof policies>[], string[]][] = [
    ['are those that every certificate has', gold, [gold, silver], [], [gold]],
    ['are none where the end entity has another', '', [gold], [], [silver]],
    ['may be required', 'policy_not_valid', [gold], [explicit], [silver]],
    ['are required of an end entity that has none', 'policy_not_valid', [gold], [explicit], []],
    ['pass through anyPolicy', gold, [any], [], [gold]],
    ['do not pass through an inhibited anyPolicy', gold, [gold], [noAny, explicit], [gold]],
    ['are told in the words of the anchor where the CA maps them', gold, [gold], [mapped], [silver]],
    ['lose their old name below a mapping', '', [gold], [mapped], [gold]],
  ]
  it.each(rows)('%s: "%s"', (_, expected, ofCa, extensions, ofLeaf) => {
    expect(outcome(ofCa, { extensions }, ofLeaf)).toBe(expected)
  })

  it('that map anyPolicy are refused (§6.1.4 (a))', () => {
    const toAny = createExtension(policyMappings, [{ issuerDomainPolicy: gold, subjectDomainPolicy: any }], {
      critical: true,
    })
    expect(outcome([gold], { extensions: [toAny] }, [gold])).toBe('any_policy_mapped')
  })

  it('that map everything onto everything on eight levels cost nothing (CVE-2023-0464)', () => {
    const oids = Array.from({ length: 30 }, (_, i) => `1.2.3.${i}`)
    const all = createExtension(
      policyMappings,
      oids.flatMap((issuerDomainPolicy) =>
        oids.map((subjectDomainPolicy) => ({ issuerDomainPolicy, subjectDomainPolicy })),
      ),
      { critical: true },
    )
    let issuer = root
    const intermediates = Array.from({ length: 8 }, (_, i) => {
      issuer = caOf(`Level ${i}`, { issuer, extensions: [policies(...oids), all] })
      return issuer.certificate
    })
    const certificate = leafOf(issuer, { extensions: [policies(...oids)] })
    const verdict = verify({ ...trusted, intermediates, certificate, policies: { requireExplicit: true } })
    expect(verdict.ok && verdict.policies).toEqual(oids.sort())
  })
})

describe('a verdict', () => {
  /** CAs of three names that certify each other at random, over two keys a name. */
  const world = fc.record({
    edges: fc.array(fc.tuple(fc.nat(5), fc.nat(6), fc.boolean(), fc.boolean()), { maxLength: 14 }),
    seed: fc.nat(1000),
  })
  const names = ['A', 'A', 'B', 'B', 'C', 'C']
  const keys = names.map(() => newKey())
  const party = (i: number): TestCa => ({
    name: names[i] as string,
    key: keys[i] as never,
    certificate: root.certificate,
  })

  function poolOf(edges: readonly (readonly [number, number, boolean, boolean])[]) {
    return edges.map(
      ([subject, issuer, expired, constrained]) =>
        caOf(names[subject] as string, {
          key: keys[subject] as never,
          issuer: issuer === 6 ? root : party(issuer),
          ...(expired && { notAfter: days(-1, noon) }),
          ...(constrained && { pathLength: 0 }),
        }).certificate,
    )
  }

  it('does not depend on the order of the certificates', () => {
    fc.assert(
      fc.property(world, ({ edges, seed }) => {
        const pool = poolOf(edges)
        const certificate = leafOf(party(0))
        const one = verify({ ...trusted, intermediates: pool, certificate })
        const other = verify({ ...trusted, intermediates: shuffled(pool, seed), certificate })
        expect(other).toEqual(one)
      }),
      { numRuns: 60 },
    )
  })

  it('does not turn by certificates that are added: what was valid stays valid', () => {
    fc.assert(
      fc.property(world, world, (a, b) => {
        const pool = poolOf(a.edges)
        const certificate = leafOf(party(0))
        const one = verify({ ...trusted, intermediates: pool, certificate })
        const more = verify({ ...trusted, intermediates: [...pool, ...poolOf(b.edges)], certificate })
        if (one.ok) expect(more.ok).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('is not turned from refused to valid by a constraint that a CA adds', () => {
    const extra = [
      permit('example.org'),
      permit('example.com'),
      createExtension(policyConstraints, { requireExplicitPolicy: 0 }, { critical: true }),
      createExtension(extendedKeyUsage, [keyPurposes.clientAuth], { critical: false }),
    ]
    const turned: string[] = []
    for (const extension of extra) {
      for (const host of ['db.example.org', 'db.example.com']) {
        for (const purpose of ['serverAuth', 'any']) {
          const plain = caOf('X', { issuer: root })
          const bound = caOf('X', { issuer: root, key: plain.key, extensions: [extension] })
          const certificate = leafOf(plain, { host })
          const [without, within] = [plain, bound].map((ca) =>
            verify({ ...trusted, intermediates: [ca.certificate], certificate, purpose }),
          )
          if (within?.ok === true && without?.ok === false) turned.push(`${host} for ${purpose}`)
        }
      }
    }
    expect(turned).toEqual([])
  })
})
