import { chooseNames } from '../../rules/profile/choose-names.js'
import type { Profile } from '../../rules/profile/profile.js'
import type { Deps } from '../../steps/deps.js'
import { csrSubject } from '../../steps/subject/csr-subject.js'
import { managedSubject } from '../../steps/subject/managed-subject.js'
import type { Subject } from '../../steps/subject/subject.js'
import type { ParsedIssueRequest } from './issue-request.js'

/** Names of the request, else of the CSR; a key that is made, or the CSR's. */
export async function chooseSubject(
  request: ParsedIssueRequest,
  profile: Profile,
  deps: Deps,
): Promise<Subject> {
  if (request.mode === 'managed') {
    return managedSubject({ ...chooseNames(request), keyAlgorithm: request.keyAlgorithm }, profile, deps)
  }
  const { requested, publicKey } = await csrSubject(request.csrPem, profile, deps)
  return { publicKey, ...chooseNames(request, requested) }
}
