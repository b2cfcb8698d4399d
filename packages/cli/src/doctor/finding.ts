/** Everything that is looked at, and what to do where it is not so. */
const remedies = {
  'ca-key':
    'without its key a CA issues nothing; restore the key store from a backup that is not older than the CA',
  'key-encryption-key': 'give the key-encryption key that was in use when the key was made',
  'ca-certificate': 'restore the record from a backup; issue nothing from this CA until then',
  'ca-issuer': 'restore the record from a backup; issue nothing from this CA until then',
  certificate: 'restore the record from a backup',
  'certificate-issuer':
    'it was not signed by this CA: find out who wrote the record, and revoke its serial number',
  reservation:
    'the serial number was not reserved for it: restore from a backup, and find out who wrote the record',
  'lost-record':
    'somebody may hold the certificate: restore from a backup that has it, or revoke its serial number',
  revocation:
    'the record and the status log differ; relying parties see the log: revoke again, or restore from a backup',
  'status-log': 'restore the status log from a backup that is not older than the CRL that was published last',
  crl: 'publish a new one, which replaces it; if that is no better, restore from a backup',
  access: 'revoke it, and give access anew; if it was there before, restore from a backup',
  'open-reservation':
    'nobody was given a certificate; revoke the serial number where a signature may be in other hands',
  'orphan-key': 'no CA refers to it; it is left from a creation that failed, and does no harm',
} as const satisfies Record<string, string>

export type Check = keyof typeof remedies

/** `notice`: normal after a crash. */
export type Level = 'error' | 'notice'

const notices: ReadonlySet<Check> = new Set<Check>(['open-reservation', 'orphan-key'])

export interface Finding {
  readonly check: Check
  readonly level: Level
  /** What it is about: `CA 0199…`, `certificate 0199…`. */
  readonly subject: string
  /** What is so and should not be. */
  readonly message: string
  readonly remedy: string
}

export const finding = (check: Check, subject: string, message: string): Finding => ({
  check,
  level: notices.has(check) ? 'notice' : 'error',
  subject,
  message,
  remedy: remedies[check],
})
