import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord } from '../../ports/records.js'
import { checkNames } from '../../rules/profile/check-names.js'
import type { SubjectNames } from '../../rules/profile/choose-names.js'
import type { Profile } from '../../rules/profile/profile.js'
import type { Deps } from '../../steps/deps.js'
import { csrSubject } from '../../steps/subject/csr-subject.js'
import { managedSubject } from '../../steps/subject/managed-subject.js'
import type { Subject } from '../../steps/subject/subject.js'

/**
 * The names of the old certificate with a new key: made here, or the CSR's.
 *
 * @throws {PkiError} `csr_required` | `csr_unexpected`: the mode of the old certificate decides | `name_refused`: the
 *   CSR asks for a name that the old certificate does not have
 */
export async function renewedSubject(
  old: CertificateRecord,
  csrPem: string | undefined,
  profile: Profile,
  deps: Deps,
): Promise<Subject> {
  const subject: SubjectNames = {
    commonName: old.commonName === '' ? undefined : old.commonName,
    names: { dns: old.sanDns, ip: old.sanIp, email: old.sanEmail, uri: old.sanUri },
  }
  const context = { certificateId: old.id }
  if (old.mode === 'managed') {
    if (csrPem !== undefined) {
      const state = 'its key pair was made here, and a new one will be; leave the CSR out'
      throw new PkiError('csr_unexpected', `Cannot renew certificate: ${state}`, context)
    }
    return managedSubject({ ...subject, keyAlgorithm: old.keyAlgorithm }, profile, deps)
  }
  if (csrPem === undefined) {
    const state = 'it was issued from a CSR, so its renewal needs a new one in "csrPem"'
    throw new PkiError('csr_required', `Cannot renew certificate: ${state}`, context)
  }
  const { requested, publicKey } = await csrSubject(csrPem, profile, deps)
  refuseNewNames(requested, subject, profile)
  return { ...subject, publicKey }
}

function refuseNewNames(requested: SubjectNames, old: SubjectNames, profile: Profile): void {
  const isEmpty =
    requested.commonName === undefined && Object.values(requested.names).every((list) => list.length === 0)
  if (isEmpty) return
  const known = new Set(checkNames(profile, old).names.map(({ kind, text }) => `${kind}:${text}`))
  for (const { kind, text } of checkNames(profile, requested).names) {
    if (known.has(`${kind}:${text}`)) continue
    const state = `the CSR asks for "${text}", which the certificate does not have; issue a new certificate instead`
    throw new PkiError('name_refused', `Cannot renew certificate: ${state}`, {
      kind,
      name: text,
      rule: 'renewal',
    })
  }
}
