import { type Certificate, formatName } from '@certwright/core'
import type { PathVerdict } from '@certwright/core/path'

const shown = (certificate: Certificate) => ({
  subject: formatName(certificate.subject),
  issuer: formatName(certificate.issuer),
  serialNumber: certificate.serialNumber,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
})

/** The verdict as plain data. */
export const verdictJson = (verdict: PathVerdict) =>
  verdict.ok
    ? { ok: true, path: verdict.path.map(shown), policies: verdict.policies }
    : {
        ok: false,
        faults: verdict.faults,
        tried: verdict.tried.map(({ path, fault }) => ({ path: path.map(shown), fault })),
      }
