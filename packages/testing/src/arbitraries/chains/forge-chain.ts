import { forgeCa, type ForgedCertificate, forgeEndEntity } from '../../forge/forge-certificate.js'
import { forgeTime } from '../../forge/fields/time-spec.js'
import { forgeKey } from '../../forge/keys/forge-key.js'
import type { ChainModel, DecoyModel } from './chain-model.js'
import { type CaPlan, type ChainPlan, planChain } from './chain-plan.js'
import type { ChainQuestion } from './chain-question.js'
import { defectNamed } from './defects/all-defects.js'
import type { ChainDefect } from './defects/chain-defect.js'
import type { ForgedPath } from './forged-path.js'
import { forgeStatuses } from './forge-statuses.js'
import { inOrder } from './in-order.js'

/** Where a defect is planted. */
export interface PlantedDefect {
  readonly defect: ChainDefect
  /** Chosen by counting round the depths that are possible. */
  readonly place: number
}

export interface ForgedChain {
  readonly question: ChainQuestion
  /** Of the defect: 0 is the end entity, 1 its issuer, and so on; `undefined`: it is in no one certificate. */
  readonly depth: number | undefined
  /** PKCS#8 of the end entity, not encrypted. */
  readonly privateKeyPem: string
}

/** The certificates of a model, right but for what is planted. */
export function forgeChain(model: ChainModel, planted?: PlantedDefect): ForgedChain {
  const depth = planted && depthOf(planted, model)
  const plan = plantIn(planChain(model), planted?.defect, depth)
  const path = forgePath(plan)
  const { anchor, intermediates, endEntity } = path
  const handedOver = intermediates.filter((_, level) => plan.withheld?.includes(level) !== true)
  const decoys = model.decoys.map((decoy, number) => forgeDecoy(decoy, number, plan, path))
  const strangers = Array.from({ length: model.strangers }, (_, number) => forgeStranger(number))
  const statuses = forgeStatuses(model.revocation, path, planted?.defect, depth)
  const offered = [...decoys.flat(), ...handedOver.reverse(), ...strangers]
  return {
    depth,
    privateKeyPem: plan.endEntity.key.privateKeyPem,
    question: {
      certificate: endEntity.der,
      intermediates: inOrder(offered, model.order).map(({ der }) => der),
      trustAnchors: [plan.trusted === undefined ? anchor.der : forgeCa(plan.trusted).der],
      at: forgeTime,
      purpose: 'serverAuth',
      identity: plan.identity,
      checkRevocation: model.revocation !== 'absent',
      ...statuses,
    },
  }
}

function forgePath(plan: ChainPlan): ForgedPath {
  const anchor = forgeCa(plan.anchor)
  const intermediates: ForgedCertificate[] = []
  let above = { plan: plan.anchor, certificate: anchor }
  for (const ca of plan.intermediates) {
    const certificate = forgeCa(below(ca, above))
    intermediates.push(certificate)
    above = { plan: ca, certificate }
  }
  return { anchor, intermediates, endEntity: forgeEndEntity(below(plan.endEntity, above)) }
}

interface Issuer {
  readonly plan: CaPlan
  readonly certificate: ForgedCertificate
}

const below = <P extends object>(plan: P, { plan: issuerPlan, certificate }: Issuer) => ({
  ...(issuerPlan.calledBelow !== undefined && { issuerName: issuerPlan.calledBelow }),
  ...plan,
  issuer: certificate,
})

function depthOf({ defect, place }: PlantedDefect, { intermediates }: ChainModel): number | undefined {
  const { plant } = defect
  if (plant.in === 'chain') return undefined
  if (plant.in === 'endEntity') return 0
  const lowest = plant.in === 'ocsp' ? 0 : (plant.lowest ?? (plant.in === 'crl' ? 0 : 1))
  const highest = plant.in === 'crl' && plant.highest !== undefined ? plant.highest : intermediates.length
  return lowest + (place % (highest - lowest + 1))
}

function plantIn(plan: ChainPlan, defect: ChainDefect | undefined, depth: number | undefined): ChainPlan {
  if (defect === undefined) return plan
  const { plant } = defect
  if (plant.in === 'chain') return plant.change(plan)
  if (plant.in === 'endEntity') return { ...plan, endEntity: plant.change(plan.endEntity, plan) }
  if (plant.in !== 'intermediate') return plan
  const level = plan.intermediates.length - (depth as number)
  return {
    ...plan,
    intermediates: plan.intermediates.map((ca, i) => (i === level ? changed(defect, plan, level) : ca)),
  }
}

function changed(defect: ChainDefect, plan: ChainPlan, level: number): CaPlan {
  const ca = plan.intermediates[level] as CaPlan
  if (defect.plant.in !== 'intermediate') return ca
  const isSelfIssued = (one: CaPlan, i: number): boolean =>
    one.subject === (plan.intermediates[i - 1] ?? plan.anchor).subject
  const below = plan.intermediates.filter((one, i) => i > level && !isSelfIssued(one, i)).length
  return defect.plant.change(ca, { below, plan })
}

/** A certificate with the name and the key of an intermediate that leads nowhere, and what it came with. */
function forgeDecoy(
  { kind, place, lastsLonger }: DecoyModel,
  number: number,
  plan: ChainPlan,
  path: ForgedPath,
): readonly ForgedCertificate[] {
  if (plan.intermediates.length === 0) return []
  const level = place % plan.intermediates.length
  const twin = {
    ...(plan.intermediates[level] as CaPlan),
    serialNumber: 1000 + number,
    ...(lastsLonger && { notAfter: later }),
  }
  if (kind === 'deadEnd') {
    const lost = forgeCa({ subject: `Lost Root ${number}`, key: forgeKey(`lost root ${number}`) })
    return [forgeCa({ ...twin, issuer: lost }), lost]
  }
  const planted = changed(
    defectNamed(kind),
    { ...plan, intermediates: plan.intermediates.map((ca, i) => (i === level ? twin : ca)) },
    level,
  )
  const above = plan.intermediates[level - 1] ?? plan.anchor
  const certificate = path.intermediates[level - 1] ?? path.anchor
  return [forgeCa(below(planted, { plan: above, certificate }))]
}

/** Behind every other end of a validity. */
const later = new Date(forgeTime.getTime() + 8000 * 86_400_000)

const forgeStranger = (number: number): ForgedCertificate => {
  const root = forgeCa({ subject: 'Strange Root', key: forgeKey('strange root') })
  return forgeCa({ subject: `Stranger ${number}`, key: forgeKey(`stranger ${number}`), issuer: root })
}
