import { type GeneralName, nameConstraints } from '@certwright/core'
import type { Extension } from '@certwright/core'
import type { ModelNeeds } from '../chain-model.js'
import { type CaPlan, type ChainPlan, constraining } from '../chain-plan.js'
import { dns, ip } from '../plan-names.js'
import type { ChainDefect } from './chain-defect.js'

/* Names that a CA does not let stand below it, and names that are not the one that is asked for. */

/** The first DNS name of the end entity. */
const hostOf = (plan: ChainPlan): string => {
  for (const name of plan.endEntity.names) if (name.type === 'dns') return name.value
  return 'db.example.org'
}
const parentOf = (host: string): string => host.slice(host.indexOf('.') + 1)

interface Constraint extends Pick<ChainDefect, 'name' | 'title' | 'cause'> {
  readonly needs?: ModelNeeds
  readonly permitted?: (host: string) => readonly GeneralName[]
  readonly excluded?: (host: string) => readonly GeneralName[]
}

const constraints: readonly Constraint[] = [
  {
    name: 'nameNotPermitted',
    title: 'a name outside the permitted subtree',
    cause: 'name_not_permitted',
    needs: { name: 'host' },
    permitted: () => [dns('example.net')],
  },
  {
    name: 'nameExcluded',
    title: 'a name that is excluded',
    cause: 'name_excluded',
    needs: { name: 'host' },
    excluded: (host) => [dns(host)],
  },
  {
    name: 'nameBelowExcluded',
    title: 'a name below an excluded one',
    cause: 'name_excluded',
    needs: { name: 'host' },
    excluded: (host) => [dns(parentOf(host))],
  },
  {
    name: 'nameEndsLikePermitted',
    title: 'a name that ends like the permitted subtree in the middle of a label',
    cause: 'name_not_permitted',
    needs: { name: 'host' },
    permitted: (host) => [dns(host.slice(1))],
  },
  {
    name: 'nameExcludedInOtherCase',
    title: 'a name that is excluded in capitals',
    cause: 'name_excluded',
    needs: { name: 'host' },
    excluded: (host) => [dns(host.toUpperCase())],
  },
  {
    name: 'nameExcludedAndPermitted',
    title: 'a name that is permitted and excluded',
    cause: 'name_excluded',
    needs: { name: 'host' },
    permitted: () => [dns('example.org')],
    excluded: (host) => [dns(host)],
  },
  {
    name: 'everyNameExcluded',
    title: 'a name where all are excluded',
    cause: 'name_excluded',
    needs: { name: 'host' },
    excluded: () => [dns('')],
  },
  {
    name: 'secondNameExcluded',
    title: 'an alternative name that is excluded, behind one that is not',
    cause: 'name_excluded',
    needs: { name: 'host', otherNames: 1 },
    excluded: (host) => [dns(`alt1.${host}`)],
  },
  {
    name: 'addressNotPermitted',
    title: 'an address outside the permitted network',
    cause: 'name_not_permitted',
    needs: { name: 'ip' },
    permitted: () => [ip(192, 0, 2, 0, 255, 255, 255, 248)],
  },
  {
    name: 'addressExcluded',
    title: 'an address in an excluded network',
    cause: 'name_excluded',
    needs: { name: 'ip' },
    excluded: () => [ip(192, 0, 0, 0, 255, 255, 0, 0)],
  },
  {
    name: 'addressWhereVersion6IsPermitted',
    title: 'an address of version 4 where only some of version 6 are permitted',
    cause: 'name_not_permitted',
    needs: { name: 'ip' },
    permitted: () => [ip(...Array<number>(32).fill(0))],
  },
  {
    name: 'wildcardNotPermitted',
    title: 'a wildcard that stands for more than is permitted',
    cause: 'name_not_permitted',
    needs: { name: 'wildcard' },
    permitted: (host) => [dns(host.replace('*', 'one'))],
  },
  {
    name: 'wildcardExcluded',
    title: 'a wildcard that stands for an excluded name',
    cause: 'name_excluded',
    needs: { name: 'wildcard' },
    excluded: (host) => [dns(host.replace('*', 'one'))],
  },
]

const withConstraint = (ca: CaPlan, constraint: Extension): CaPlan => ({
  ...ca,
  extensions: [
    ...(ca.extensions ?? []).filter((one) => !('oid' in one) || one.oid !== nameConstraints.oid),
    constraint,
  ],
})

const constrained = constraints.map(
  ({ name, title, cause, needs, permitted, excluded }): ChainDefect => ({
    name,
    title,
    clause: cause === 'name_excluded' ? 'RFC 5280 §6.1.3 (c)' : 'RFC 5280 §6.1.3 (b)',
    cause,
    ...(needs && { needs }),
    plant: {
      in: 'intermediate',
      asDecoy: true,
      change(ca, { plan }) {
        const host = hostOf(plan)
        return withConstraint(ca, constraining(permitted?.(host) ?? [], excluded?.(host) ?? []))
      },
    },
  }),
)

const widened: ChainDefect = {
  name: 'namePermittedBelowOnly',
  title: 'a name that a CA permits whose own issuer does not',
  clause: 'RFC 5280 §6.1.4 (g)(1)',
  cause: 'name_not_permitted',
  needs: { intermediates: 2, name: 'host' },
  plant: {
    in: 'chain',
    change: (plan) => ({
      ...plan,
      intermediates: plan.intermediates.map((ca, level) =>
        level === 0
          ? withConstraint(ca, constraining([dns('example.net')]))
          : withConstraint(ca, constraining([dns('example.net'), dns('example.org')])),
      ),
    }),
  },
}

interface Misnomer extends Pick<ChainDefect, 'name' | 'title'> {
  readonly needs: ModelNeeds
  readonly clause?: string
  /** What is asked for instead. */
  readonly asked?: (asked: string) => string
  /** What stands in the certificate instead. */
  readonly own?: (asked: string) => readonly GeneralName[]
}

const misnomers: readonly Misnomer[] = [
  {
    name: 'hostDiffers',
    title: 'a name that is not the one asked for',
    needs: { name: 'host' },
    asked: () => 'other.example.org',
  },
  {
    name: 'hostEndsAlike',
    title: 'a name that the one asked for ends with',
    needs: { name: 'host' },
    asked: (asked) => `evil${asked}`,
  },
  {
    name: 'hostBelow',
    title: 'a name that is the parent of the one asked for',
    needs: { name: 'host' },
    asked: (asked) => `www.${asked}`,
  },
  {
    name: 'wildcardAcrossLabels',
    title: 'a wildcard for one label, asked for two',
    needs: { name: 'wildcard' },
    asked: (asked) => `two.${asked}`,
  },
  {
    name: 'wildcardForParent',
    title: 'a wildcard, asked for its parent domain',
    needs: { name: 'wildcard' },
    asked: (asked) => parentOf(asked),
  },
  {
    name: 'wildcardInsideLabel',
    title: 'a wildcard that is part of a label',
    needs: { name: 'host' },
    own: (asked) => [dns(`${asked.slice(0, 1)}*${asked.slice(asked.indexOf('.'))}`)],
  },
  {
    name: 'wildcardInSecondLabel',
    title: 'a wildcard that is not the first label',
    needs: { name: 'host' },
    asked: (asked) => `www.one.${asked}`,
    own: (asked) => [dns(`www.*.${asked.toLowerCase()}`)],
  },
  {
    name: 'commonNameAlone',
    title: 'a common name that is asked for, and no alternative name',
    needs: { name: 'host' },
    clause: 'RFC 9525 §2',
    own: () => [],
  },
  {
    name: 'addressDiffers',
    title: 'an address that is not the one asked for',
    needs: { name: 'ip' },
    asked: () => '192.0.2.11',
  },
]

const misnamed = misnomers.map(
  ({ name, title, needs, clause = 'RFC 9525 §6.3', asked, own }): ChainDefect => ({
    name,
    title,
    clause,
    cause: 'identity_mismatch',
    needs,
    plant: {
      in: 'chain',
      change(plan) {
        const { value } = plan.identity
        const names = own?.(value)
        return {
          ...plan,
          ...(asked && { identity: { ...plan.identity, value: asked(value) } }),
          ...(names && {
            endEntity: { ...plan.endEntity, subject: value.slice(0, 64), names },
          }),
        }
      },
    },
  }),
)

export const nameDefects: readonly ChainDefect[] = [...constrained, widened, ...misnamed]
