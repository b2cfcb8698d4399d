import { certificatePolicies, inhibitAnyPolicy } from '@certwright/core'
import { extension } from '../../../forge/fields/extension-spec.js'
import { forgeKey } from '../../../forge/keys/forge-key.js'
import type { CaPlan, EndEntityPlan } from '../chain-plan.js'
import type { ChainDefect } from './chain-defect.js'

/* What is wrong between the certificates, and with what is handed over. */

const policiesOf = (...oids: readonly string[]) =>
  extension(
    certificatePolicies,
    oids.map((policyIdentifier) => ({ policyIdentifier, qualifiers: [] })),
  )
const anyPolicy = '2.5.29.32.0'
const otherPolicy = '1.3.6.1.4.1.99999.7.2'

const without = <P extends Pick<CaPlan & EndEntityPlan, 'extensions'>>(plan: P, oid: string): P => ({
  ...plan,
  extensions: (plan.extensions ?? []).filter((one) => !('oid' in one) || one.oid !== oid),
})

const required = { policies: 'required', intermediates: 1 } as const

export const chainDefects: readonly ChainDefect[] = [
  {
    name: 'anchorUnknown',
    title: 'an anchor that nobody trusts',
    clause: 'RFC 5280 §6.1.1 (d)',
    cause: 'unknown_issuer',
    needs: { noSelfIssued: true },
    plant: {
      in: 'chain',
      change: (plan) => ({
        ...plan,
        trusted: { subject: 'Another Root', key: forgeKey('another root') },
      }),
    },
  },
  {
    name: 'anchorOfSameName',
    title: 'an anchor with the right name and another key',
    clause: 'RFC 5280 §6.1.3 (a)(1)',
    cause: 'signature_invalid',
    plant: {
      in: 'chain',
      change: (plan) => ({ ...plan, trusted: { ...plan.anchor, key: forgeKey('another root') } }),
    },
  },
  {
    name: 'intermediateWithheld',
    title: 'a path with a certificate missing',
    clause: 'RFC 5280 §6.1.3 (a)(4)',
    cause: 'unknown_issuer',
    needs: { intermediates: 1, noSelfIssued: true },
    plant: {
      in: 'chain',
      change: (plan) => ({ ...plan, withheld: [plan.intermediates.length - 1] }),
    },
  },
  {
    name: 'policyAbsentEndEntity',
    title: 'an end entity without the policy that a CA above requires',
    clause: 'RFC 5280 §6.1.5 (g)',
    cause: 'policy_not_valid',
    needs: required,
    plant: { in: 'endEntity', change: (endEntity) => without(endEntity, certificatePolicies.oid) },
  },
  {
    name: 'policyOfAnother',
    title: 'an end entity with a policy that no CA above has',
    clause: 'RFC 5280 §6.1.3 (d)(1)',
    cause: 'policy_not_valid',
    needs: required,
    plant: {
      in: 'endEntity',
      change: (endEntity) => ({
        ...without(endEntity, certificatePolicies.oid),
        extensions: [
          ...(without(endEntity, certificatePolicies.oid).extensions ?? []),
          policiesOf(otherPolicy),
        ],
      }),
    },
  },
  {
    name: 'policyAbsentCa',
    title: 'a CA without the policy that the path requires',
    clause: 'RFC 5280 §6.1.3 (e)',
    cause: 'policy_not_valid',
    needs: required,
    plant: {
      in: 'intermediate',
      asDecoy: false,
      change: (ca) => without(ca, certificatePolicies.oid),
    },
  },
  {
    name: 'anyPolicyInhibited',
    title: 'an end entity with anyPolicy below a CA that inhibits it',
    clause: 'RFC 5280 §6.1.3 (d)(2)',
    cause: 'policy_not_valid',
    needs: required,
    plant: {
      in: 'chain',
      change: (plan) => {
        const [first, ...rest] = plan.intermediates as [CaPlan, ...CaPlan[]]
        const inhibiting: CaPlan = {
          ...first,
          extensions: [...(first.extensions ?? []), extension(inhibitAnyPolicy, 0, true)],
        }
        const endEntity = without(plan.endEntity, certificatePolicies.oid)
        return {
          ...plan,
          intermediates: [inhibiting, ...rest],
          endEntity: { ...endEntity, extensions: [...(endEntity.extensions ?? []), policiesOf(anyPolicy)] },
        }
      },
    },
  },
]
