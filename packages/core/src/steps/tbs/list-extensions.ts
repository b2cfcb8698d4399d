import type { CaRecord } from '../../ports/records.js'
import type { ListScope } from '../../rules/revocation/list-scope.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension, type Extension } from '../../x509/extension.js'
import { cRLNumber } from '../../x509/extensions/crl-number.js'
import { deltaCRLIndicator } from '../../x509/extensions/delta-crl-indicator.js'
import { issuingDistributionPoint } from '../../x509/extensions/issuing-distribution-point.js'
import type { Settings } from '../deps.js'
import { authorityKeyIdentifierOf, freshestList, listAddress } from './issuer-extensions.js'

interface ListFacts {
  readonly ca: CaRecord
  readonly issuer: Certificate
  readonly scope: ListScope
  readonly number: number
  /** Of the complete list that a delta CRL starts from. */
  readonly base: number | undefined
}

/** What a list says of itself (RFC 5280 §5.2). */
export function listExtensions(facts: ListFacts, settings: Settings): readonly Extension[] {
  const { ca, issuer, scope, number, base } = facts
  return [
    authorityKeyIdentifierOf(issuer),
    createExtension(cRLNumber, BigInt(number), { critical: false }),
    ...(base === undefined ? [] : [createExtension(deltaCRLIndicator, BigInt(base), { critical: true })]),
    ...(scope.kind === 'partition' ? [partitionExtension(ca.id, scope, settings)] : []),
    ...(scope.kind === 'complete' ? freshestList(ca.id, settings) : []),
  ]
}

/**
 * §5.2.5: only who knows that the list is the one its certificate points to may take absence for goodness, so whoever
 * does not know this extension must not use the list.
 */
function partitionExtension(caId: string, scope: ListScope, settings: Settings): Extension {
  const value = {
    distributionPoint: {
      type: 'fullName',
      names: [listAddress(caId, scope, settings.distributionUrl ?? '')],
    },
    onlyContainsUserCerts: false,
    onlyContainsCACerts: false,
    onlyContainsAttributeCerts: false,
    indirectCRL: false,
  } as const
  return createExtension(issuingDistributionPoint, value, { critical: true })
}
