import type { Certificate, CertificateRecord } from '@certwright/core'
import { checkFlags, checkReservation } from './check-status.js'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'
import { isSignedBy, readCertificate, sha256Hex } from './reading.js'

/**
 * Each certificate is the one that its record tells of, is signed by its CA, and has a closed reservation of its own:
 * since a reservation is for one id, no serial number can be there twice.
 */
export async function* checkCertificates(patient: Patient): AsyncGenerator<Finding> {
  const { cas, storage, progress } = patient
  const issuers = new Map<string, Uint8Array>()
  for (const { id, certificateDer } of cas) {
    const certificate = readCertificate(certificateDer)
    if (typeof certificate !== 'string') issuers.set(id, certificate.spkiDer)
  }
  let done = 0
  for await (const { record, total } of allCertificates(storage)) {
    const subject = `certificate ${record.id}`
    const certificate = readCertificate(record.certificateDer)
    if (typeof certificate === 'string') {
      yield finding('certificate', subject, certificate)
      continue
    }
    for (const difference of await differences(record, certificate)) {
      yield finding('certificate', subject, `its record has another ${difference} than the certificate`)
    }
    const issuerSpkiDer = issuers.get(record.caId)
    if (issuerSpkiDer === undefined || !(await isSignedBy(certificate, issuerSpkiDer))) {
      yield finding('certificate-issuer', subject, `it does not verify under the key of CA ${record.caId}`)
    }
    const status = await storage.findSerial(record.caId, record.serialNumber)
    yield* checkReservation(
      { id: record.id, kind: 'certificate', tbsDer: certificate.tbsDer },
      status,
      subject,
    )
    yield* checkFlags(record, status, subject)
    done += 1
    progress('certificates', done, total)
  }
}

async function differences(record: CertificateRecord, certificate: Certificate): Promise<readonly string[]> {
  const spkiHash = await sha256Hex(certificate.spkiDer)
  return [
    ...(record.serialNumber === certificate.serialNumber ? [] : ['serial number']),
    ...(record.notBefore.getTime() === certificate.notBefore.getTime() ? [] : ['notBefore']),
    ...(record.notAfter.getTime() === certificate.notAfter.getTime() ? [] : ['notAfter']),
    ...(record.spkiHash === spkiHash ? [] : ['public key']),
  ]
}

const pageSize = 100

/**
 * Newest first. A page far behind costs a database as much as all before it, so the next one begins at the time where this
 * one ends; the certificates of that second that were seen already are left out.
 */
async function* allCertificates(
  storage: Patient['storage'],
): AsyncGenerator<{ readonly record: CertificateRecord; readonly total: number }> {
  let total: number | undefined
  let window: { readonly createdTo?: Date; readonly seen: ReadonlySet<string> } = { seen: new Set() }
  for (;;) {
    const { seen, ...until } = window
    const inWindow: CertificateRecord[] = []
    for (let page = 1; ; page++) {
      const { items, total: count } = await storage.listCertificates(
        { ...until, now: new Date() },
        { page, pageSize },
      )
      total ??= count
      for (const record of items) if (!seen.has(record.id)) yield { record, total }
      inWindow.push(...items)
      if (items.length < pageSize) return
      // A second in which more were issued than fit a page goes on with the next page.
      if (items.at(-1)?.createdAt.getTime() !== inWindow[0]?.createdAt.getTime()) break
    }
    const last = inWindow.at(-1)?.createdAt
    if (last === undefined) return
    const atEnd = inWindow.filter(({ createdAt }) => createdAt.getTime() === last.getTime())
    window = { createdTo: last, seen: new Set(atEnd.map(({ id }) => id)) }
  }
}
