import type { ValidationFaultCode, VerifyRequest } from '@certwright/core/path'
import { daysFrom, forgeTime } from '../forge/fields/time-spec.js'
import {
  type CaSpec,
  type EndEntitySpec,
  forgeCa,
  type ForgedCertificate,
  forgeEndEntity,
} from '../forge/forge-certificate.js'

/** What a validator is given: DER throughout, so that it is any validator. */
export interface ValidationCase extends Omit<VerifyRequest, 'crls' | 'strict' | 'maximumDepth'> {
  readonly certificate: Uint8Array
  readonly intermediates: readonly Uint8Array[]
  readonly trustAnchors: readonly Uint8Array[]
  readonly crls?: readonly Uint8Array[]
  /** What is wrong is forbidden to CAs; RFC 5280 leaves relying parties free to accept it. */
  readonly strict?: boolean
  readonly maximumDepth?: number
}

/** One way to be wrong. */
export interface BadCase {
  readonly name: string
  /** The heading of the page under which it stands. */
  readonly topic: string
  /** What is wrong, as a sentence. */
  readonly title: string
  /** What a correct validator finds, by the name that Certwright has for it. */
  readonly fault: ValidationFaultCode
  readonly clause: string
  /** Software that was known to accept it, or the CVE. */
  readonly seenIn?: string
  /** The same bytes each time. */
  readonly make: () => ValidationCase
  /** The valid one that differs in this point alone: a validator that refuses everything is found by it. */
  readonly makeTwin: () => ValidationCase
}

/** What a row of a topic says; its name is its key. `make` is asked twice, and looks at `bad` in one place. */
export type Row = Omit<BadCase, 'name' | 'topic' | 'make' | 'makeTwin'> & {
  readonly make: (bad: boolean) => ChainSpec
}

/** A chain of a root, CAs and an end entity, right where nothing is said. */
export interface ChainSpec {
  readonly root?: Partial<CaSpec>
  /** From the root down. Default: one. */
  readonly cas?: readonly Partial<CaSpec>[]
  readonly leaf?: Partial<EndEntitySpec>
  /** What else is different, for what has been made. */
  readonly given?: (chain: Chain) => Partial<ValidationCase>
}

export interface Chain {
  readonly root: ForgedCertificate
  readonly cas: readonly ForgedCertificate[]
  /** The CA that issued the end entity. */
  readonly issuer: ForgedCertificate
  readonly leaf: ForgedCertificate
}

/** @param count before or after the time of validation */
export const days = (count: number): Date => daysFrom(forgeTime, count)

export const row = (
  title: string,
  fault: ValidationFaultCode,
  clause: string,
  make: Row['make'],
  seenIn?: string,
): Row => ({ title, fault, clause, make, ...(seenIn !== undefined && { seenIn }) })

export const casesOf = <Name extends string>(
  topic: string,
  rows: Readonly<Record<Name, Row>>,
): Record<Name, BadCase> =>
  // The cast: the entries are those of the rows.
  Object.fromEntries(
    Object.entries<Row>(rows).map(([name, { make, ...rest }]) => [
      name,
      { ...rest, name, topic, make: () => caseOf(make(true)), makeTwin: () => caseOf(make(false)) },
    ]),
  ) as Record<Name, BadCase>

function caseOf(spec: ChainSpec): ValidationCase {
  const chain = chainOf(spec)
  const { root, cas, leaf } = chain
  return {
    certificate: leaf.der,
    intermediates: cas.map(({ der }) => der).reverse(),
    trustAnchors: [root.der],
    at: forgeTime,
    identity: { type: 'dns', value: 'db.example.org' },
    ...spec.given?.(chain),
  }
}

function chainOf({ root: rootSpec, cas: caSpecs = [{}], leaf: leafSpec }: ChainSpec): Chain {
  const root = forgeCa({ subject: 'Root', ...rootSpec })
  const cas: ForgedCertificate[] = []
  for (const [i, spec] of caSpecs.entries()) {
    cas.push(forgeCa({ subject: `CA ${i + 1}`, issuer: cas.at(-1) ?? root, ...spec }))
  }
  const issuer = cas.at(-1) ?? root
  return { root, cas, issuer, leaf: forgeEndEntity({ issuer, ...leafSpec }) }
}
