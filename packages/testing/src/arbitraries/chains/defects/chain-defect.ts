import type { ValidationFaultCode } from '@certwright/core/path'
import type { ForgedCertificate, ForgedIssuer } from '../../../forge/forge-certificate.js'
import type { CrlSpec } from '../../../forge/forge-crl.js'
import type { OcspResponseSpec } from '../../../forge/forge-ocsp-response.js'
import type { ModelNeeds } from '../chain-model.js'
import type { CaPlan, ChainPlan, EndEntityPlan } from '../chain-plan.js'

/** One way for a chain to be wrong: a row of the tables beside this file. */
export interface ChainDefect {
  /** `pathLengthExceeded`: stable, for programs. */
  readonly name: string
  /** What is wrong with the chain, as the rest of a sentence: `whose CA has more CAs below it than it may`. */
  readonly title: string
  readonly clause: string
  /** What Certwright's own validator tells first. */
  readonly cause: ValidationFaultCode
  /** What it needs of the chain. */
  readonly needs?: ModelNeeds
  readonly plant: Planting
}

export type Planting =
  /** In one intermediate: `lowest` is the least depth, 1 (default) for the issuer of the end entity. */
  | {
      readonly in: 'intermediate'
      readonly lowest?: 1 | 2
      readonly asDecoy: boolean
      readonly change: CaChange
    }
  | {
      readonly in: 'endEntity'
      readonly change: (endEntity: EndEntityPlan, plan: ChainPlan) => EndEntityPlan
    }
  | { readonly in: 'chain'; readonly change: (plan: ChainPlan) => ChainPlan }
  /** In the list that would tell of one certificate, or in what stands for it. */
  | { readonly in: 'crl'; readonly lowest?: 0 | 1; readonly highest?: 0; readonly change: CrlChange }
  /** In the response about one certificate. */
  | { readonly in: 'ocsp'; readonly change: OcspChange }

type CaChange = (ca: CaPlan, place: CaPlace) => CaPlan

/** Where in the chain a CA stands. */
export interface CaPlace {
  /** CAs below it that are not self-issued. */
  readonly below: number
  readonly plan: ChainPlan
}

type CrlChange = (spec: CrlSpec, about: ForgedLink) => readonly CrlSpec[]
type OcspChange = (spec: OcspResponseSpec, about: ForgedLink) => readonly OcspResponseSpec[]

export interface ForgedLink {
  readonly certificate: ForgedCertificate
  readonly issuer: ForgedIssuer
}
