import * as fc from 'fast-check'
import type {
  CaModel,
  ChainModel,
  DecoyModel,
  EndEntityModel,
  KeyKind,
  ModelNeeds,
  Validity,
} from './chain-model.js'
import type { ChainLimits } from './chain-limits.js'
import type { ChainDefect } from './defects/chain-defect.js'
import { allDefects, defectNamed } from './defects/all-defects.js'
import { type GeneratedChain, generateChain } from './generated-chain.js'

/** A chain that a correct validator accepts; nothing in it is superfluous but strangers. */
export const validChain = (limits: ChainLimits = {}): fc.Arbitrary<GeneratedChain> =>
  modelOf({}, limits).map((model) => generateChain(model))

/**
 * A chain with exactly one defect, and no other path.
 *
 * @param name of the defect; default: any
 * @throws {RangeError} there is no such defect
 */
export function defectiveChain(name?: string, limits: ChainLimits = {}): fc.Arbitrary<GeneratedChain> {
  if (name !== undefined) return withDefect(defectNamed(name), limits)
  return fc.oneof(
    ...allDefects.filter((defect) => isWithin(defect, limits)).map((one) => withDefect(one, limits)),
  )
}

/**
 * A valid chain whose intermediates come with others of the same name and key that are on no valid path, and listed
 * first: twins with a defect, and cross-certificates that end at nobody's anchor.
 *
 * @param kind `deadEnd`, or the name of a defect; default: any
 * @throws {RangeError} there is no such defect, or it cannot be that of a twin
 */
export function chainWithDecoy(kind?: string, limits: ChainLimits = {}): fc.Arbitrary<GeneratedChain> {
  if (kind === undefined) return fc.oneof(...decoyKinds.map((one) => chainWithDecoy(one, limits)))
  if (!decoyKinds.includes(kind)) throw new RangeError(`kind: expected a decoy, got "${kind}"`)
  const needs = kind === 'deadEnd' ? {} : needsOf(defectNamed(kind))
  const atLeastOne = { ...needs, intermediates: Math.max(1, needs.intermediates ?? 0) }
  return fc
    .tuple(modelOf(atLeastOne, limits), decoys(kind))
    .map(([model, list]) => generateChain({ ...model, decoys: list }))
}

/** Any of the three. */
export const anyChain = (limits: ChainLimits = {}): fc.Arbitrary<GeneratedChain> =>
  fc.oneof(validChain(limits), chainWithDecoy(undefined, limits), {
    arbitrary: defectiveChain(undefined, limits),
    weight: 3,
  })

/** The defects that a twin can have. */
const twinDefects = allDefects.filter(({ plant }) => plant.in === 'intermediate' && plant.asDecoy)

/** Everything that `chainWithDecoy` takes. */
export const decoyKinds: readonly string[] = ['deadEnd', ...twinDefects.map(({ name }) => name)]

const isWithin = ({ needs = {} }: ChainDefect, limits: ChainLimits): boolean =>
  (limits.revocation !== false || (needs.revocation ?? 'absent') === 'absent') &&
  (limits.policies !== false || (needs.policies ?? 'absent') === 'absent') &&
  (needs.plainKeys !== true || (limits.keys ?? ['ECDSA-P256']).includes('ECDSA-P256'))

/** The names of the defects that are generated within limits. */
export const defectsWithin = (limits: ChainLimits): readonly ChainDefect[] =>
  allDefects.filter((defect) => isWithin(defect, limits))

const withDefect = (defect: ChainDefect, limits: ChainLimits): fc.Arbitrary<GeneratedChain> =>
  fc
    .tuple(modelOf(needsOf(defect), limits), fc.nat(3))
    .map(([model, place]) => generateChain(model, { defect, place }))

const needsOf = ({ needs = {}, plant }: ChainDefect): ModelNeeds => {
  const own = plant.in === 'intermediate' ? (plant.lowest ?? 1) : 0
  return { ...needs, intermediates: Math.max(needs.intermediates ?? 0, own) }
}

/** The highest intermediate is the one place that every chain with the needs of the defect has. */
function decoys(kind: string): fc.Arbitrary<readonly DecoyModel[]> {
  const plant = kind === 'deadEnd' ? undefined : defectNamed(kind).plant
  const isHigh = plant?.in === 'intermediate' && plant.lowest === 2
  const one = fc.record({
    kind: fc.constant(kind),
    place: isHigh ? fc.constant(0) : fc.nat(3),
    lastsLonger: fc.boolean(),
  })
  return fc.array(one, { minLength: 1, maxLength: 2 })
}

const anyValidity = (limits: ChainLimits): fc.Arbitrary<Validity> =>
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant<Validity>('wide'), weight: 6 },
    { arbitrary: fc.constant<Validity>('startsNow'), weight: 1 },
    ...(limits.lastSecond === false ? [] : [{ arbitrary: fc.constant<Validity>('endsNow'), weight: 1 }]),
  )

/** The first is what it shrinks to. */
const mostly = <T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(first), weight: 3 * others.length },
    ...others.map((other) => ({ arbitrary: fc.constant(other), weight: 1 })),
  )

function caOf(needs: ModelNeeds, limits: ChainLimits): fc.Arbitrary<CaModel> {
  return fc.record({
    spareLength: fc.option(fc.nat(2), { nil: undefined }),
    names: mostly<CaModel['names']>('absent', 'permitted', 'excluded', 'both'),
    purposes: mostly<CaModel['purposes']>('absent', 'asked', 'several', 'any'),
    key: keyOf(needs, limits),
    selfIssued: needs.noSelfIssued === true ? fc.constant(false) : mostly(false, true),
    respelled: mostly(false, true),
    validity: anyValidity(limits),
    ornaments: mostly(0, 1, 2),
  })
}

const allKeys = ['ECDSA-P256', 'ECDSA-P384', 'Ed25519', 'RSA-2048'] as const

const keyOf = (needs: ModelNeeds, { keys = allKeys }: ChainLimits): fc.Arbitrary<KeyKind> => {
  const [first, ...others] = keys
  if (needs.plainKeys === true) return fc.constant('ECDSA-P256')
  return others.length === 0 ? fc.constant(first) : mostly<KeyKind>(first, ...others)
}

const endEntityOf = (needs: ModelNeeds, limits: ChainLimits): fc.Arbitrary<EndEntityModel> =>
  fc.record({
    name:
      needs.name === undefined
        ? mostly<EndEntityModel['name']>('host', 'wildcard', 'ip')
        : fc.constant(needs.name),
    labels: fc.integer({ min: 2, max: 5 }),
    otherNames: fc.integer({ min: needs.otherNames ?? 0, max: 2 }),
    respelled: mostly(false, true),
    purposes: mostly<EndEntityModel['purposes']>('absent', 'asked', 'several', 'any'),
    key: keyOf(needs, limits),
    validity: anyValidity(limits),
    ornaments: mostly(0, 1, 2),
  })

function modelOf(needs: ModelNeeds, limits: ChainLimits): fc.Arbitrary<ChainModel> {
  const ca = caOf(needs, limits)
  const least = needs.intermediates ?? 0
  const most = Math.max(least, Math.min(limits.intermediates ?? 4, 4))
  const policies = limits.policies === false ? fc.constant<ChainModel['policies']>('absent') : undefined
  const revocation = limits.revocation === false ? fc.constant<ChainModel['revocation']>('absent') : undefined
  return fc.record({
    anchor: ca,
    intermediates: fc.array(ca, { minLength: least, maxLength: most }),
    endEntity: endEntityOf(needs, limits),
    policies:
      needs.policies === undefined
        ? (policies ?? mostly<ChainModel['policies']>('absent', 'listed', 'required'))
        : fc.constant(needs.policies),
    decoys: fc.constant([]),
    strangers: limits.disorder === false ? fc.constant(0) : mostly(0, 1, 2),
    order:
      limits.disorder === false
        ? fc.constant(0)
        : fc.oneof({ withCrossShrink: true }, fc.constant(0), fc.nat(2 ** 31 - 2)),
    revocation:
      needs.revocation === undefined
        ? (revocation ?? mostly<ChainModel['revocation']>('absent', 'crls', 'ocsp'))
        : fc.constant(needs.revocation),
  })
}
