import {
  certificatePolicies,
  createName,
  extendedKeyUsage,
  type Extension,
  type GeneralName,
  keyPurposes,
  nameConstraints,
  policyConstraints,
} from '@certwright/core'
import { extension, rawExtension } from '../../forge/fields/extension-spec.js'
import { daysFrom, forgeTime } from '../../forge/fields/time-spec.js'
import type { CaSpec, EndEntitySpec } from '../../forge/forge-certificate.js'
import { type ForgeKey, forgeKey } from '../../forge/keys/forge-key.js'
import type { CaModel, ChainModel, EndEntityModel, Validity } from './chain-model.js'
import type { Identity } from './chain-question.js'
import { type NamesPlan, planNames } from './plan-names.js'

/** A CA of a chain: what the forge is told, but for its issuer. */
export interface CaPlan extends Omit<CaSpec, 'issuer'> {
  readonly key: ForgeKey
  /** How certificates below it write its name; default: as it does. */
  readonly calledBelow?: string
}

export interface EndEntityPlan extends Omit<EndEntitySpec, 'issuer'> {
  readonly key: ForgeKey
  readonly names: readonly GeneralName[]
}

/** A chain before it is signed: where defects are planted. */
export interface ChainPlan {
  readonly anchor: CaPlan
  /** From below the anchor down. */
  readonly intermediates: readonly CaPlan[]
  readonly endEntity: EndEntityPlan
  readonly identity: Identity
  /** The anchor that is trusted, where it is not the one that has issued. */
  readonly trusted?: CaPlan
  /** Intermediates that nobody hands over, from 0. */
  readonly withheld?: readonly number[]
}

export const policy = '1.3.6.1.4.1.99999.7.1'
const ornament = (number: number): Extension =>
  rawExtension(`1.3.6.1.4.1.99999.6.${number + 1}`, Uint8Array.of(0x05, 0x00))

/** The purposes that are asked for in every question. */
const purposeLists: Readonly<Record<CaModel['purposes'], readonly string[]>> = {
  absent: [],
  asked: [keyPurposes.serverAuth],
  several: [keyPurposes.clientAuth, keyPurposes.serverAuth],
  any: [keyPurposes.anyExtendedKeyUsage],
}

export function planChain(model: ChainModel): ChainPlan {
  const names = planNames(model.endEntity)
  const cas = [model.anchor, ...model.intermediates]
  const plans: CaPlan[] = []
  for (const [level, ca] of cas.entries()) {
    const above = plans.at(-1)
    const isSelfIssued = ca.selfIssued && above !== undefined
    const subject = isSelfIssued ? (above.subject as string) : `Generated CA ${level}`
    const below = cas.slice(level + 1).filter((one) => !one.selfIssued).length
    plans.push({
      subject,
      key: forgeKey(`generated CA ${level}`, ca.key),
      ...(ca.spareLength !== undefined && { pathLength: below + ca.spareLength }),
      ...(ca.respelled && { calledBelow: subject.toUpperCase() }),
      ...validityOf(ca.validity, 4000),
      extensions: [
        ...caExtensions(ca, names),
        ...(level === 0 ? [] : policiesOf(model)),
        ...(level === 1 && model.policies === 'required' ? [explicitPolicy] : []),
      ],
    })
  }
  const [anchor, ...intermediates] = plans as [CaPlan, ...CaPlan[]]
  return { anchor, intermediates, endEntity: planEndEntity(model, names), identity: names.identity }
}

const explicitPolicy = extension(policyConstraints, { requireExplicitPolicy: 0 }, true)

const policiesOf = ({ policies }: ChainModel): readonly Extension[] =>
  policies === 'absent'
    ? []
    : [extension(certificatePolicies, [{ policyIdentifier: policy, qualifiers: [] }])]

function caExtensions(ca: CaModel, names: NamesPlan): readonly Extension[] {
  const purposes = purposeLists[ca.purposes]
  const permitted = ca.names === 'permitted' || ca.names === 'both' ? names.around : []
  const excluded = ca.names === 'excluded' || ca.names === 'both' ? names.elsewhere : []
  return [
    ...(ca.names === 'absent' ? [] : [constraining(permitted, excluded)]),
    ...(purposes.length === 0 ? [] : [extension(extendedKeyUsage, purposes)]),
    ...ornamentsOf(ca),
  ]
}

/** RFC 5280 §4.2.1.10: critical. */
export const constraining = (
  permitted: readonly GeneralName[],
  excluded: readonly GeneralName[] = [],
): Extension =>
  extension(nameConstraints, { permitted: subtrees(permitted), excluded: subtrees(excluded) }, true)

const subtrees = (bases: readonly GeneralName[]) => bases.map((base) => ({ base, minimum: 0 }))

function planEndEntity(model: ChainModel, names: NamesPlan): EndEntityPlan {
  const { endEntity } = model
  return {
    subject: createName({ commonName: 'Generated end entity' }),
    key: forgeKey('generated end entity', endEntity.key),
    names: names.own,
    purposes: purposeLists[endEntity.purposes],
    ...validityOf(endEntity.validity, 3600),
    extensions: [...policiesOf(model), ...ornamentsOf(endEntity)],
  }
}

const ornamentsOf = ({ ornaments }: Pick<EndEntityModel, 'ornaments'>): readonly Extension[] =>
  Array.from({ length: ornaments }, (_, number) => ornament(number))

/** Ten years both ways: for a handshake, which has no time but that of the machine. */
const validityOf = (validity: Validity, days: number) => ({
  notBefore: validity === 'startsNow' ? forgeTime : daysFrom(forgeTime, -days),
  notAfter: validity === 'endsNow' ? forgeTime : daysFrom(forgeTime, days),
})
