import { type DistributionPoint, distributionPoints, readDistributionPoints } from '../distribution-point.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §4.2.1.15 and §5.2.6: where the delta CRLs are, at least one place. */
export const freshestCRL = defineExtension<readonly DistributionPoint[]>({
  oid: '2.5.29.46',
  name: 'freshestCRL',
  read: readDistributionPoints,
  write: distributionPoints,
})
