import type { LintFinding } from '../../errors/codes.js'
import type { PermissionTrace } from '../../rules/permission/decide.js'
import { checkIssuePermission } from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import type { Caller } from '../../steps/stages.js'
import type { SerialNumber } from '../../x509/serial-number.js'
import { parseIssueRequest } from './issue-request.js'
import { prepareIssuance } from './prepare-issuance.js'

/** What `issue` would do with the same request. */
export interface IssuancePlan {
  /**
   * The TBSCertificate. The serial number is drawn afresh by the issuance itself, and so is the key in managed mode; all
   * else is as it would be signed.
   */
  readonly tbsDer: Uint8Array
  readonly serialNumber: SerialNumber
  readonly profile: string
  readonly commonName: string
  readonly sanDns: readonly string[]
  readonly sanIp: readonly string[]
  readonly sanEmail: readonly string[]
  readonly sanUri: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** Lints that do not stop the issuance: warnings and notices. */
  readonly findings: readonly LintFinding[]
  readonly permission: PermissionTrace
}

/**
 * A dry run: nothing is signed, reserved or written. What the issuance would refuse is refused here, with the same error.
 */
export async function planIssuance(input: unknown, caller: Caller, deps: Deps): Promise<IssuancePlan> {
  const request = parseIssueRequest(input)
  const permitted = await checkIssuePermission(request.caId, caller, deps.storage)
  const issuer = await findIssuer(permitted.lineage, request.caPassphrase, deps)
  const { profile, spec, checked } = await prepareIssuance(request, permitted, issuer, deps)
  const { tbsDer, serialNumber, findings } = checked
  const { commonName, sanDns, sanIp, sanEmail, sanUri, notBefore, notAfter } = spec
  const names = { commonName, sanDns, sanIp, sanEmail, sanUri }
  return {
    tbsDer,
    serialNumber,
    profile: profile.name,
    ...names,
    notBefore,
    notAfter,
    findings,
    permission: permitted.trace,
  }
}
