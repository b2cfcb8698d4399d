import { forgeTime } from '../../forge/fields/time-spec.js'
import type { ForgedCertificate } from '../../forge/forge-certificate.js'
import { type CrlSpec, forgeCrl } from '../../forge/forge-crl.js'
import { forgeOcspResponse, type OcspResponseSpec } from '../../forge/forge-ocsp-response.js'
import type { ChainModel } from './chain-model.js'
import type { ChainQuestion } from './chain-question.js'
import type { ChainDefect, ForgedLink } from './defects/chain-defect.js'
import type { ForgedPath } from './forged-path.js'

/** What tells that nothing on a path is revoked, with a defect in what is told about one certificate. */
export function forgeStatuses(
  revocation: ChainModel['revocation'],
  path: ForgedPath,
  defect: ChainDefect | undefined,
  depth: number | undefined,
): Pick<ChainQuestion, 'crls' | 'ocspResponses'> {
  const crls: Uint8Array[] = []
  const ocspResponses: Uint8Array[] = []
  for (const [at, about] of linksOf(path).entries()) {
    const plant = at === depth ? defect?.plant : undefined
    if (revocation === 'crls') {
      const spec = crlOf(about)
      const specs = plant?.in === 'crl' ? plant.change(spec, about) : [spec]
      crls.push(...specs.map((one) => forgeCrl(one).der))
    } else if (revocation === 'ocsp') {
      const spec = responseOf(about)
      const specs = plant?.in === 'ocsp' ? plant.change(spec, about) : [spec]
      ocspResponses.push(...specs.map(forgeOcspResponse))
    }
  }
  return { crls, ocspResponses }
}

/** The end entity with its issuer, and so on up to the anchor. */
function linksOf({ anchor, intermediates, endEntity }: ForgedPath): readonly ForgedLink[] {
  const upwards: readonly ForgedCertificate[] = [endEntity, ...[...intermediates].reverse(), anchor]
  return upwards
    .slice(0, -1)
    .map((certificate, i) => ({ certificate, issuer: upwards[i + 1] as ForgedCertificate }))
}

/** Somebody is on the list: an empty one would hide who does not look. */
const crlOf = ({ issuer }: ForgedLink): CrlSpec => ({
  issuer,
  entries: [{ serialNumber: 42, reason: 'superseded' }],
})

const responseOf = ({ certificate, issuer }: ForgedLink): OcspResponseSpec => ({
  responder: issuer,
  // A certificate that is valid from this second on has no answer of an earlier one.
  producedAt: forgeTime,
  responses: [{ issuer, serialNumber: certificate.serialNumber }],
})
