import type { DerReader } from '../../asn1/der-reader.js'
import { type Encoder, objectIdentifier, sequence } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'
import { type PolicyQualifier, policyQualifier, readPolicyQualifier } from '../policy-qualifier.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 5280 §4.2.1.4. */
export interface PolicyInformation {
  /** OID; 2.5.29.32.0 is anyPolicy. */
  readonly policyIdentifier: string
  /** May be empty, and is then written as absent. */
  readonly qualifiers: readonly PolicyQualifier[]
}

/** At least one policy, none of them twice. */
export const certificatePolicies = defineExtension<readonly PolicyInformation[]>({
  oid: '2.5.29.32',
  name: 'certificatePolicies',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    if (content.atEnd) throw unreadable('CertificatePolicies', at, 'the list is empty')
    const policies: PolicyInformation[] = []
    while (!content.atEnd) policies.push(readPolicyInformation(content.sequence()))
    if (hasRepetition(policies)) throw unreadable('CertificatePolicies', at, repetition)
    return policies
  },
  write(policies) {
    if (policies.length === 0) throw unwritable('CertificatePolicies', 'the list is empty')
    if (hasRepetition(policies)) throw unwritable('CertificatePolicies', repetition)
    return sequence(...policies.map(policyInformation))
  },
})

const repetition = 'a policy stands twice'

const hasRepetition = (policies: readonly PolicyInformation[]): boolean =>
  new Set(policies.map(({ policyIdentifier }) => policyIdentifier)).size < policies.length

function readPolicyInformation(reader: DerReader): PolicyInformation {
  const policyIdentifier = reader.objectIdentifier()
  const qualifiers: PolicyQualifier[] = []
  if (!reader.atEnd) {
    const at = reader.offset
    const content = reader.sequence()
    if (content.atEnd) throw unreadable('CertificatePolicies', at, 'the list of qualifiers is empty')
    while (!content.atEnd) qualifiers.push(readPolicyQualifier(content.sequence()))
  }
  reader.finish()
  return { policyIdentifier, qualifiers }
}

function policyInformation({ policyIdentifier, qualifiers }: PolicyInformation): Encoder {
  return sequence(
    objectIdentifier(policyIdentifier),
    qualifiers.length === 0 ? undefined : sequence(...qualifiers.map(policyQualifier)),
  )
}
