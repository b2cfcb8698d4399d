import { type Certificate, formatName } from '@certwright/core'
import type { PathVerdict, ValidationFault } from '@certwright/core/path'

/** Of a search that may have tried thousands: what a reader can use. The most useful come first. */
const mostPathsShown = 10

export const renderVerdict = (verdict: PathVerdict) =>
  verdict.ok
    ? { ok: true, path: verdict.path.map(nameOf) }
    : {
        ok: false,
        faults: verdict.faults.slice(0, mostPathsShown).map(renderFault),
        tried: verdict.tried.slice(0, mostPathsShown).map(({ path, fault }) => ({
          path: path.map(nameOf),
          fault: renderFault(fault),
        })),
      }

const nameOf = ({ subject, serialNumber }: Certificate) => ({ subject: formatName(subject), serialNumber })

const renderFault = ({ fault, depth, clause, message }: ValidationFault) => ({
  fault,
  depth,
  clause,
  message,
})
