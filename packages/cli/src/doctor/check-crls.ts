import {
  type CertificateRevocationList,
  cRLNumber,
  type CrlRecord,
  crlEntries,
  findExtension,
  isPkiError,
  parseCrl,
  type SerialNumber,
} from '@certwright/core'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'
import { isSignedBy, readCertificate } from './reading.js'

/** The latest CRL of each CA reads and verifies, has the number and times of its record, and lists what the log does. */
export async function* checkCrls({ cas, storage }: Patient): AsyncGenerator<Finding> {
  for (const { id: caId, certificateDer } of cas) {
    const { latest, revocationCount } = await storage.crlState(caId, 'complete')
    const record = await storage.findLatestCrl(caId, 'complete')
    if (latest === undefined && record === undefined) continue
    const subject = `CRL ${record?.number ?? latest?.number} of CA ${caId}`
    if (record === undefined || latest?.number !== record.number) {
      yield finding(
        'crl',
        subject,
        `the latest is ${latest?.number} by one account and ${record?.number} by another`,
      )
      continue
    }
    const crl = readCrl(record.der)
    const issuer = readCertificate(certificateDer)
    if (typeof crl === 'string' || typeof issuer === 'string') {
      if (typeof crl === 'string') yield finding('crl', subject, crl)
      continue
    }
    if (!(await isSignedBy(crl, issuer.spkiDer))) {
      yield finding('crl', subject, 'it does not verify under the key of its CA')
    }
    yield* checkRecord(record, crl, subject)
    if (record.revocationCount > revocationCount) {
      yield finding(
        'status-log',
        subject,
        `it was made of ${record.revocationCount} entries of the status log, which now has ${revocationCount}`,
      )
    }
    yield* checkEntries(
      crl,
      { caId, isCurrent: record.revocationCount === revocationCount, subject },
      storage,
    )
  }
}

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
  const isSame =
    thisUpdate.getTime() === record.thisUpdate.getTime() &&
    nextUpdate?.getTime() === record.nextUpdate.getTime()
  if (!isSame) yield finding('crl', subject, 'the list itself has other times')
}

/** A list that is not the newest may lack what was revoked since, and nothing else. */
async function* checkEntries(
  crl: CertificateRevocationList,
  {
    caId,
    isCurrent,
    subject,
  }: { readonly caId: string; readonly isCurrent: boolean; readonly subject: string },
  storage: Patient['storage'],
): AsyncGenerator<Finding> {
  const listed = new Map<SerialNumber, string>()
  for (const { serialNumber, revocationDate, reason = 'unspecified' } of crlEntries(crl)) {
    listed.set(serialNumber, entryText(revocationDate, reason))
  }
  for await (const { serialNumber, revokedAt, reason } of storage.listRevocations(caId)) {
    const entry = listed.get(serialNumber)
    listed.delete(serialNumber)
    if (isCurrent && entry !== entryText(revokedAt, reason)) {
      yield finding(
        'crl',
        subject,
        `of ${serialNumber} the list says ${entry ?? 'nothing'}, the status log ${entryText(revokedAt, reason)}`,
      )
    }
  }
  for (const serialNumber of listed.keys()) {
    const known = await storage.findSerial(caId, serialNumber)
    // Its hold has ended since.
    if (!isCurrent && known?.revocation !== undefined) continue
    yield finding('status-log', subject, `it revokes ${serialNumber}, which the status log does not`)
  }
}

const entryText = (at: Date, reason: string): string => `${at.toISOString()} ${reason}`
