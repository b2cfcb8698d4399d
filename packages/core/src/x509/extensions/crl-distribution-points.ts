import { type DistributionPoint, distributionPoints, readDistributionPoints } from '../distribution-point.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §4.2.1.13: where the CRLs that cover this certificate are, at least one place. */
export const cRLDistributionPoints = defineExtension<readonly DistributionPoint[]>({
  oid: '2.5.29.31',
  name: 'cRLDistributionPoints',
  read: readDistributionPoints,
  write: distributionPoints,
})
