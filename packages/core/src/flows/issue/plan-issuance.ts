import type { LintFinding } from '../../errors/codes.js'
import { applyProfile } from '../../rules/profile/apply-profile.js'
import type { PermissionTrace } from '../../rules/permission/decide.js'
import { checkPermission } from '../../steps/access/check-permission.js'
import { permittedProfile } from '../../steps/access/permitted-profile.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import type { Caller } from '../../steps/stages.js'
import { assembleTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import type { SerialNumber } from '../../x509/serial-number.js'
import { chooseSubject } from './choose-subject.js'
import { parseIssueRequest } from './issue-request.js'

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
  const permitted = await checkPermission({ caId: request.caId, action: 'issue' }, caller, deps.storage)
  const issuer = await findIssuer(permitted.ca, request.caPassphrase, deps)
  const profile = permittedProfile(request.profile, permitted, deps)
  const subject = await chooseSubject(request, profile, deps)
  const spec = applyProfile(profile, {
    ...subject,
    validityDays: request.validityDays,
    now: currentTime(deps),
    issuerValidity: issuer.certificate,
  })
  const { tbsDer, serialNumber, findings } = checkTbs(assembleTbs(spec, issuer, deps), issuer.chain)
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
