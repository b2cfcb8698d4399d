import {
  type CertificateRevocationList,
  cRLNumber,
  type CrlRecord,
  type CrlSummary,
  deltaCRLIndicator,
  findExtension,
  isPkiError,
  parseCrl,
} from '@certwright/core'
import { checkEntries } from './check-crl-entries.js'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'
import { isSignedBy, readCertificate } from './reading.js'

/**
 * The latest CRL of each scope, of each CA, reads and verifies, has the number and times of its record, and lists what the
 * log does.
 */
export async function* checkCrls(patient: Patient): AsyncGenerator<Finding> {
  for (const { id: caId, certificateDer } of patient.cas) {
    const issuer = readCertificate(certificateDer)
    // Whose certificate cannot be read is a finding of its own.
    if (typeof issuer === 'string') continue
    for (const summary of await patient.storage.listLatestCrls(caId)) {
      yield* checkList(summary, issuer.spkiDer, patient)
    }
  }
}

async function* checkList(
  summary: CrlSummary,
  spkiDer: Uint8Array,
  { storage }: Patient,
): AsyncGenerator<Finding> {
  const { caId, scope, number } = summary
  const subject = `${nameOf(scope)} ${number} of CA ${caId}`
  const { latest } = await storage.crlState(caId, scope)
  const record = await storage.findLatestCrl(caId, scope)
  if (record?.number !== number || latest?.number !== number) {
    const others = `${latest?.number} and ${record?.number} by others`
    yield finding('crl', subject, `the latest is ${number} by one account, ${others}`)
    return
  }
  const crl = readCrl(record.der)
  if (typeof crl === 'string') {
    yield finding('crl', subject, crl)
    return
  }
  if (!(await isSignedBy(crl, spkiDer))) {
    yield finding('crl', subject, 'it does not verify under the key of its CA')
  }
  yield* checkRecord(record, crl, subject)
  yield* checkEntries(crl, record, subject, storage)
}

const nameOf = (scope: string): string =>
  ({ complete: 'CRL', delta: 'delta CRL' })[scope] ?? `CRL ${scope}, number`

function readCrl(der: Uint8Array): CertificateRevocationList | string {
  try {
    return parseCrl(der)
  } catch (error) {
    if (isPkiError(error)) return error.message
    throw error
  }
}

function* checkRecord(
  record: CrlRecord,
  { extensions, thisUpdate, nextUpdate }: CertificateRevocationList,
  subject: string,
): Generator<Finding> {
  const number = findExtension(extensions, cRLNumber)
  if (Number(number) !== record.number)
    yield finding('crl', subject, `the list itself has the number ${number}`)
  const base = findExtension(extensions, deltaCRLIndicator)
  if ((base === undefined ? undefined : Number(base)) !== record.baseNumber)
    yield finding('crl', subject, `the list itself starts from ${base ?? 'nothing'}`)
  const isSame =
    thisUpdate.getTime() === record.thisUpdate.getTime() &&
    nextUpdate?.getTime() === record.nextUpdate.getTime()
  if (!isSame) yield finding('crl', subject, 'the list itself has other times')
}
