import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { inhibitAnyPolicy } from '../../x509/extensions/inhibit-any-policy.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { createName } from '../../x509/name.js'
import { createComparisonBudget } from './name-constraints.js'
import { checkPolicies, nameConstraintFault, pathLengthFault, type PolicySettings } from './path-checks.js'
import { caOf, certificateOf, leafOf, newKey, plainSettings } from './test-certificates.js'

const [gold, silver, bronze, any] = ['1.3.1', '1.3.2', '1.3.3', '2.5.29.32.0'] as const

/** A certificate as the algorithm of policies sees it. */
const holder = (name: string, issuer: string, ...extensions: Extension[]) => ({
  subject: createName({ commonName: name }),
  issuer: createName({ commonName: issuer }),
  extensions,
})
const has = (...oids: string[]) =>
  createExtension(
    certificatePolicies,
    oids.map((policyIdentifier) => ({ policyIdentifier, qualifiers: [] })),
    { critical: false },
  )
const maps = (...pairs: (readonly [string, string])[]) =>
  createExtension(
    policyMappings,
    pairs.map(([issuerDomainPolicy, subjectDomainPolicy]) => ({ issuerDomainPolicy, subjectDomainPolicy })),
    { critical: false },
  )
const demands = (requireExplicitPolicy?: number, inhibitPolicyMapping?: number) =>
  createExtension(
    policyConstraints,
    {
      ...(requireExplicitPolicy !== undefined && { requireExplicitPolicy }),
      ...(inhibitPolicyMapping !== undefined && { inhibitPolicyMapping }),
    },
    { critical: true },
  )
const inhibits = (skip: number) => createExtension(inhibitAnyPolicy, skip, { critical: true })

/** Root, then what is given, each issued by the one before it, the last one being the end entity. */
function policiesOf(below: readonly (readonly Extension[])[], change: Partial<PolicySettings> = {}) {
  const path = [[], ...below].map((extensions, i) =>
    holder(`CA ${i}`, `CA ${Math.max(0, i - 1)}`, ...extensions),
  )
  return outcomeOf(path.reverse(), change)
}

function outcomeOf(path: readonly ReturnType<typeof holder>[], change: Partial<PolicySettings> = {}) {
  const { fault, policies } = checkPolicies(path, { ...plainSettings, ...change })
  return fault === undefined ? policies : `${fault.fault} at ${fault.depth}`
}

describe('the policies of a path (RFC 5280 §6.1)', () => {
  it('are those that every certificate has', () => {
    expect(policiesOf([[has(gold, silver)], [has(gold, bronze)]])).toEqual([gold])
    expect(policiesOf([[has(gold, silver)], [has(silver, gold)]])).toEqual([gold, silver])
    expect(policiesOf([[has(gold)], [has(silver)]])).toEqual([])
    expect(policiesOf([[has(gold)], []])).toEqual([])
  })

  it('are those of the caller among them', () => {
    const asked = { initialPolicySet: new Set([silver, bronze]) }
    expect(policiesOf([[has(gold, silver)], [has(gold, silver)]], asked)).toEqual([silver])
    expect(policiesOf([[has(any)], [has(any)]], asked)).toEqual([silver, bronze])
    expect(policiesOf([[has(any)], [has(any)]])).toEqual([any])
  })

  it('pass through anyPolicy, until it is inhibited', () => {
    expect(policiesOf([[has(any)], [has(gold)]])).toEqual([gold])
    expect(policiesOf([[has(gold)], [has(any)]])).toEqual([gold])
    expect(policiesOf([[has(any)], [has(gold)]], { initialAnyPolicyInhibit: true })).toEqual([])
    expect(policiesOf([[has(gold)], [has(any)]], { initialAnyPolicyInhibit: true })).toEqual([])
  })

  it.each([
    [0, any, any, []],
    [1, any, any, []],
    [1, any, gold, [gold]],
    [2, any, any, [gold]],
  ] as const)(
    'where anyPolicy counts in %s more certificates, %s and %s leave %s',
    (skip, ca, end, expected) => {
      expect(policiesOf([[has(gold), inhibits(skip)], [has(ca)], [has(end)]])).toEqual(expected)
    },
  )
})

describe('an explicit policy', () => {
  it('is demanded by the caller from the first certificate on', () => {
    const asked = { initialExplicitPolicy: true }
    expect(policiesOf([[has(gold)], [has(gold)]], asked)).toEqual([gold])
    expect(policiesOf([[has(gold)], [has(silver)]], asked)).toBe('policy_not_valid at 0')
    expect(policiesOf([[], [has(gold)]], asked)).toBe('policy_not_valid at 1')
    const of = { ...asked, initialPolicySet: new Set([silver]) }
    expect(policiesOf([[has(gold)], [has(gold)]], of)).toBe('policy_not_valid at 0')
  })

  it.each([
    // Skipped certificates, where it is demanded, and whether the two below it are without a policy.
    [0, 'policy_not_valid at 1'],
    [1, 'policy_not_valid at 0'],
    [2, 'policy_not_valid at 0'],
    [3, []],
  ] as const)('is demanded %s certificates below the CA that says so', (skip, expected) => {
    expect(policiesOf([[has(gold), demands(skip)], [], []])).toEqual(expected)
  })

  it('is demanded by the end entity of itself, with 0 alone', () => {
    expect(policiesOf([[has(gold)], [has(silver), demands(0)]])).toBe('policy_not_valid at 0')
    expect(policiesOf([[has(gold)], [has(silver), demands(1)]])).toEqual([])
    expect(policiesOf([[has(gold)], [has(gold), demands(0)]])).toEqual([gold])
  })

  it.each([
    [1, 'policy_not_valid at 0'],
    [2, []],
  ] as const)('%s below is counted without self-issued CAs, which follow a key', (skip, expected) => {
    const path = [
      holder('Leaf', 'CA'),
      holder('CA', 'CA'),
      holder('CA', 'CA'),
      holder('CA', 'Root', has(gold), demands(skip)),
      holder('Root', 'Root'),
    ]
    expect(outcomeOf(path)).toEqual(expected)
  })

  it('that is demanded twice is demanded where it comes first', () => {
    expect(policiesOf([[has(gold), demands(5)], [demands(0)], []])).toBe('policy_not_valid at 0')
    expect(policiesOf([[has(gold), demands(0)], [demands(5)], []])).toBe('policy_not_valid at 1')
  })
})

describe('a mapping', () => {
  it('gives a policy another name below', () => {
    expect(policiesOf([[has(gold), maps([gold, silver])], [has(silver)]])).toEqual([gold])
    expect(policiesOf([[has(gold), maps([gold, silver])], [has(gold)]])).toEqual([])
    const both = maps([gold, silver], [gold, bronze])
    expect(policiesOf([[has(gold), both], [has(bronze)]])).toEqual([gold])
  })

  it('of anyPolicy, or to it, is refused where it is', () => {
    for (const pair of [
      [any, gold],
      [gold, any],
    ] as const) {
      expect(policiesOf([[has(gold, any), maps(pair)], [has(gold)]])).toBe('any_policy_mapped at 1')
    }
    expect(policiesOf([[has(gold), maps([gold, silver], [silver, any])], [has(gold)]])).toBe(
      'any_policy_mapped at 1',
    )
  })

  it('that is inhibited ends the policy', () => {
    const below = [[has(gold, silver), maps([gold, bronze])], [has(gold, silver, bronze)]]
    expect(policiesOf(below)).toEqual([gold, silver])
    expect(policiesOf(below, { initialPolicyMappingInhibit: true })).toEqual([silver])
  })

  it.each([
    [0, 0, [silver]],
    [0, 1, [gold, silver]],
    [1, 1, [silver]],
    [1, 2, [gold, silver]],
  ] as const)(
    'with %s CAs between, under a CA that allows %s of them, leaves %s',
    (between, skip, expected) => {
      const plain = Array.from({ length: between }, () => [has(gold, silver)])
      const mapping = [has(gold, silver), maps([gold, bronze])]
      const below = [[has(gold, silver), demands(undefined, skip)], ...plain, mapping, [has(bronze, silver)]]
      expect(policiesOf(below)).toEqual(expected)
    },
  )
})

describe('what an anchor says of policies', () => {
  const path = [holder('Leaf', 'Root', has(gold, silver)), holder('Root', 'Root', has(gold), demands(0))]
  const bound = { anchor: { constraints: true } }

  it('counts where its constraints do (RFC 5937 §3.2)', () => {
    expect(outcomeOf(path)).toEqual([gold, silver])
    expect(outcomeOf(path, bound)).toEqual([gold])
    const another = [holder('Leaf', 'Root', has(silver)), path[1] ?? holder('Root', 'Root')]
    expect(outcomeOf(another, bound)).toBe('policy_not_valid at 0')
  })

  it('limits none where it names none', () => {
    const silent = [holder('Leaf', 'Root', has(gold)), holder('Root', 'Root', demands(0))]
    expect(outcomeOf(silent, bound)).toEqual([gold])
  })
})

const look = (issuer: Certificate, below: readonly Certificate[], isAnchor: boolean, change: object = {}) => {
  const fault = pathLengthFault(issuer, below, isAnchor, { ...plainSettings, ...change })
  return fault && `${fault.fault} at ${fault.depth}: ${fault.message}`
}

const most = (maximumDepth: number) => ({ maximumDepth })

describe('the length of a path (§6.1.4 (l), (m))', () => {
  const key = newKey()
  const root = caOf('Root', { pathLength: 1 })
  const [one, two] = [caOf('One', { issuer: root }), caOf('Two', { issuer: root })]
  const leaf = leafOf(one)
  const again = certificateOf({ name: 'One', key, issuer: one })
  const bound = { anchor: { ...plainSettings.anchor, constraints: true } }

  it('is how many intermediates stand below a CA, self-issued ones apart', () => {
    const limited = root.certificate
    expect(look(limited, [leaf], false)).toBeUndefined()
    expect(look(limited, [leaf, one.certificate], false)).toBeUndefined()
    expect(look(limited, [leaf, one.certificate, again, again], false)).toBeUndefined()
    expect(look(limited, [leaf, one.certificate, two.certificate], false)).toBe(
      'path_length_exceeded at 3: "CN=Root" allows 1 CAs below it (pathLenConstraint) and has 2',
    )
    expect(look(one.certificate, [leaf, two.certificate, two.certificate], false)).toBeUndefined()
  })

  it('of an anchor binds where its constraints count', () => {
    const below = [leaf, one.certificate, two.certificate]
    expect(look(root.certificate, below, true)).toBeUndefined()
    expect(look(root.certificate, below, true, bound)).toMatch(/^path_length_exceeded at 3/)
  })

  it('that the caller allows counts the CA itself, unless it is the anchor or self-issued', () => {
    expect(look(one.certificate, [leaf], false, most(1))).toBeUndefined()
    expect(look(one.certificate, [leaf], false, most(0))).toBe(
      'path_too_long at 1: "CN=One" makes 1 intermediates where 0 are allowed',
    )
    expect(look(again, [leaf], false, most(0))).toBeUndefined()
    expect(look(root.certificate, [leaf, one.certificate], true, most(1))).toBeUndefined()
    expect(look(root.certificate, [leaf, one.certificate], true, most(0))).toMatch(/makes 1 intermediates/)
  })
})

describe('the name constraints of a CA (§6.1.3 (b), (c))', () => {
  const permits = createExtension(
    nameConstraints,
    { permitted: [{ base: { type: 'dns' as const, value: 'example.org' }, minimum: 0 }], excluded: [] },
    { critical: true },
  )
  const outside = { host: 'db.example.com' }
  const ca = caOf('CA', { extensions: [permits] })
  const look = (below: readonly Certificate[]) =>
    nameConstraintFault(ca.certificate, below, createComparisonBudget())

  it('are held against every certificate below it', () => {
    const [good, bad] = [leafOf(ca), leafOf(ca, outside)]
    expect(look([good])).toBeUndefined()
    expect(look([bad])).toMatchObject({ fault: 'name_not_permitted', depth: 0 })
    expect(look([good, bad])).toMatchObject({ fault: 'name_not_permitted', depth: 1 })
    expect(look([good, bad])?.message).toMatch(/^"CN=db.example.com" has a name that it may not have: /)
    expect(nameConstraintFault(caOf('Free').certificate, [bad], createComparisonBudget())).toBeUndefined()
  })

  it('but a self-issued one, unless it ends the path', () => {
    const names = leafOf(ca, outside).extensions
    const selfIssued = certificateOf({ name: 'CA', key: newKey(), extensions: names })
    expect(look([leafOf(ca), selfIssued])).toBeUndefined()
    expect(look([selfIssued])).toMatchObject({ fault: 'name_not_permitted', depth: 0 })
  })

  it('are held against a subject without subjectAltName too', () => {
    const bare = certificateOf({ name: 'Bare', key: newKey(), issuer: ca })
    expect(look([bare])).toBeUndefined()
    const base = { type: 'directoryName', name: createName({ commonName: 'Other' }) } as const
    const others = createExtension(
      nameConstraints,
      { permitted: [{ base, minimum: 0 }], excluded: [] },
      { critical: true },
    )
    const strict = caOf('Strict', { extensions: [others] }).certificate
    expect(nameConstraintFault(strict, [bare], createComparisonBudget())).toMatchObject({
      fault: 'name_not_permitted',
      depth: 0,
    })
  })
})
