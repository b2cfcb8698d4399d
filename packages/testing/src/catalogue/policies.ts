import { certificatePolicies, inhibitAnyPolicy, policyConstraints, policyMappings } from '@certwright/core'
import { extension, type ExtensionSpec, rawExtension } from '../forge/fields/extension-spec.js'
import { casesOf, row } from './bad-case.js'

/* Certificate policies: RFC 5280 §6.1, as RFC 9618 has it. */

const gold = '1.3.6.1.4.1.32473.2.1'
const silver = '1.3.6.1.4.1.32473.2.2'
const anyPolicy = '2.5.29.32.0'
const under = (...oids: string[]): ExtensionSpec =>
  extension(
    certificatePolicies,
    oids.map((policyIdentifier) => ({ policyIdentifier, qualifiers: [] })),
  )
const explicit = extension(policyConstraints, { requireExplicitPolicy: 0 }, true)
const map = (issuerDomainPolicy: string, subjectDomainPolicy: string): ExtensionSpec =>
  extension(policyMappings, [{ issuerDomainPolicy, subjectDomainPolicy }], true)

const clause = 'RFC 5280 §6.1.5 (g)'

export const policies = casesOf('Policies', {
  policyRequiredByCa: row(
    'The CA requires a policy, and the leaf has none',
    'policy_not_valid',
    clause,
    (bad) => ({
      cas: [{ extensions: [under(gold), explicit] }],
      leaf: bad ? {} : { extensions: [under(gold)] },
    }),
  ),
  policyRequiredOther: row(
    'The CA requires a policy, and the leaf has another',
    'policy_not_valid',
    clause,
    (bad) => ({
      cas: [{ extensions: [under(gold), explicit] }],
      leaf: { extensions: [under(bad ? silver : gold)] },
    }),
  ),
  policyRequiredByCaller: row('The relying party requires a policy', 'policy_not_valid', clause, (bad) => ({
    cas: [{ extensions: [under(gold)] }],
    leaf: bad ? {} : { extensions: [under(gold)] },
    given: () => ({ policies: { requireExplicit: true } }),
  })),
  policyNotAccepted: row('The relying party accepts another policy', 'policy_not_valid', clause, (bad) => ({
    cas: [{ extensions: [under(gold, silver)] }],
    leaf: { extensions: [under(bad ? silver : gold)] },
    given: () => ({ policies: { initialSet: [gold], requireExplicit: true } }),
  })),
  policyMissingInCa: row(
    'A CA in the middle has no policy, which ends all of them',
    'policy_not_valid',
    'RFC 5280 §6.1.3 (e)',
    (bad) => ({
      cas: [{ extensions: [under(gold), explicit] }, bad ? {} : { extensions: [under(gold)] }],
      leaf: { extensions: [under(gold)] },
    }),
  ),
  policyRequiredLater: row(
    'requireExplicitPolicy 1 spares the next certificate, and no other',
    'policy_not_valid',
    'RFC 5280 §6.1.4 (i)',
    (bad) => ({
      cas: [
        {
          extensions: [
            under(gold),
            extension(policyConstraints, { requireExplicitPolicy: bad ? 1 : 9 }, true),
          ],
        },
        { extensions: [under(gold)] },
      ],
    }),
  ),
  policyConstraintOfLeaf: row(
    'The leaf itself requires a policy that the path does not have',
    'policy_not_valid',
    'RFC 5280 §6.1.5 (b)',
    (bad) => ({ leaf: bad ? { extensions: [explicit] } : {} }),
  ),
  anyPolicyInhibited: row(
    'anyPolicy no longer counts, and the leaf has nothing else',
    'policy_not_valid',
    'RFC 5280 §6.1.4 (j)',
    (bad) => ({
      cas: [{ extensions: [under(gold), explicit, extension(inhibitAnyPolicy, 0, true)] }],
      leaf: { extensions: [under(bad ? anyPolicy : gold)] },
    }),
  ),
  anyPolicyInhibitedByCaller: row(
    'The relying party takes no anyPolicy',
    'policy_not_valid',
    'RFC 5280 §6.1.1 (g)',
    (bad) => ({
      cas: [{ extensions: [under(bad ? anyPolicy : gold), explicit] }],
      leaf: { extensions: [under(gold)] },
      given: () => ({ policies: { inhibitAny: true } }),
    }),
  ),
  anyPolicyMapped: row('A CA maps anyPolicy', 'any_policy_mapped', 'RFC 5280 §6.1.4 (a)', (bad) => ({
    cas: [{ extensions: [under(gold), map(bad ? anyPolicy : gold, silver)] }],
    leaf: { extensions: [under(silver)] },
  })),
  mappingInhibited: row(
    'The CA above inhibits mapping, and the mapped policy counts for nothing',
    'policy_not_valid',
    'RFC 5280 §6.1.4 (b)(2)',
    (bad) => ({
      cas: [
        {
          extensions: [
            under(gold),
            extension(
              policyConstraints,
              { requireExplicitPolicy: 0, ...(bad && { inhibitPolicyMapping: 0 }) },
              true,
            ),
          ],
        },
        { extensions: [under(gold), map(gold, silver)] },
      ],
      leaf: { extensions: [under(silver)] },
    }),
  ),
  mappingInhibitedByCaller: row(
    'The relying party takes no mapping',
    'policy_not_valid',
    'RFC 5280 §6.1.1 (e)',
    (bad) => ({
      cas: [{ extensions: [under(gold), explicit, map(gold, silver)] }],
      leaf: { extensions: [under(silver)] },
      given: () => ({ policies: { inhibitMapping: bad } }),
    }),
  ),
  mappedPolicyKept: row(
    'The policy was mapped to another, and the leaf has still the old one',
    'policy_not_valid',
    'RFC 5280 §6.1.4 (b)(1)',
    (bad) => ({
      cas: [{ extensions: [under(gold), explicit, map(gold, silver)] }],
      leaf: { extensions: [under(bad ? gold : silver)] },
    }),
  ),
  policyTwice: row(
    'The leaf has a policy twice',
    'malformed',
    'RFC 5280 §4.2.1.4',
    (bad) => ({
      leaf: {
        extensions: [
          rawExtension(
            certificatePolicies.oid,
            // Two times gold, or gold and silver.
            new Uint8Array(
              Buffer.from(
                `301c 300c060a2b0601040181fd590201 300c060a2b0601040181fd5902${bad ? '01' : '02'}`.replaceAll(
                  ' ',
                  '',
                ),
                'hex',
              ),
            ),
          ),
        ],
      },
    }),
    'CVE-2023-0465 (OpenSSL)',
  ),
  policyQualifierUnknown: row(
    'certificatePolicies is critical and has a qualifier of an unknown type',
    'unprocessable_extension',
    'RFC 5280 §4.2.1.4',
    (bad) => ({
      leaf: {
        extensions: [
          extension(
            certificatePolicies,
            [
              {
                policyIdentifier: gold,
                qualifiers: [
                  { type: 'unknown', qualifierId: '1.3.6.1.4.1.32473.3', der: Uint8Array.of(5, 0) },
                ],
              },
            ],
            bad,
          ),
        ],
      },
    }),
  ),
})
