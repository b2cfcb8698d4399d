import { applyProfile, type CertificateSpec } from '../../rules/profile/apply-profile.js'
import type { Profile } from '../../rules/profile/profile.js'
import { permittedProfile } from '../../steps/access/permitted-profile.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { chainValidity } from '../../steps/issuer/chain-validity.js'
import type { CheckedTbs, Issuer, PermittedCa } from '../../steps/stages.js'
import type { Subject } from '../../steps/subject/subject.js'
import { assembleTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { chooseSubject } from './choose-subject.js'
import type { ParsedIssueRequest } from './issue-request.js'

/** A certificate that could be signed: everything that can be refused has been looked at, and nothing is written. */
export interface PreparedIssuance {
  readonly request: ParsedIssueRequest
  readonly profile: Profile
  readonly subject: Subject
  readonly spec: CertificateSpec
  readonly checked: CheckedTbs
}

/** From a permitted request to bytes that pass every lint and would validate. */
export async function prepareIssuance(
  request: ParsedIssueRequest,
  permitted: PermittedCa,
  issuer: Issuer,
  deps: Deps,
): Promise<PreparedIssuance> {
  const profile = permittedProfile(request.profile, permitted, deps)
  const subject = await chooseSubject(request, profile, deps)
  const spec = applyProfile(profile, {
    validityDays: request.validityDays,
    ...subject,
    now: currentTime(deps),
    issuerValidity: chainValidity(issuer.chain),
  })
  const checked = checkTbs(assembleTbs(spec, issuer, deps), issuer)
  return { request, profile, subject, spec, checked }
}
