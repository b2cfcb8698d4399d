import type { CaRecord, Certificate } from '@certwright/core'
import { checkFlags, checkReservation } from './check-status.js'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'
import { isSignedBy, readCertificate } from './reading.js'

/** Each CA's certificate is the one that its record tells of, is signed by its issuer, and has a reservation. */
export async function* checkCas({ cas, storage }: Patient): AsyncGenerator<Finding> {
  const byId = new Map(cas.map((ca) => [ca.id, ca]))
  for (const ca of cas) {
    const subject = `CA ${ca.id}`
    const certificate = readCertificate(ca.certificateDer)
    if (typeof certificate === 'string') {
      yield finding('ca-certificate', subject, certificate)
      continue
    }
    for (const difference of differences(ca, certificate)) {
      yield finding('ca-certificate', subject, `its record has another ${difference} than its certificate`)
    }
    yield* checkIssuer(ca, certificate, byId)
    if (ca.ocspResponder !== undefined) yield* checkResponder(ca, certificate)

    const status = await storage.findSerial(ca.parentCaId ?? ca.id, ca.serialNumber)
    // Who made the certificate of an imported CA has reserved its serial number.
    const isImported = await wasImported(ca, storage)
    if (!isImported)
      yield* checkReservation({ ...ca, kind: 'ca', tbsDer: certificate.tbsDer }, status, subject)
    yield* checkFlags(ca, status, subject)
  }
}

/** The fields that the record repeats from the certificate, so that a list needs no parser. */
function differences(ca: CaRecord, certificate: Certificate): readonly string[] {
  return [
    ...(ca.serialNumber === certificate.serialNumber ? [] : ['serial number']),
    ...(ca.notBefore.getTime() === certificate.notBefore.getTime() ? [] : ['notBefore']),
    ...(ca.notAfter.getTime() === certificate.notAfter.getTime() ? [] : ['notAfter']),
  ]
}

async function* checkIssuer(
  ca: CaRecord,
  certificate: Certificate,
  byId: ReadonlyMap<string, CaRecord>,
): AsyncGenerator<Finding> {
  const subject = `CA ${ca.id}`
  const parent = ca.parentCaId === undefined ? undefined : byId.get(ca.parentCaId)
  if (ca.parentCaId !== undefined && parent === undefined) {
    yield finding('ca-issuer', subject, `its parent ${ca.parentCaId} is not there`)
    return
  }
  if (parent !== undefined && ca.depth !== parent.depth + 1) {
    yield finding('ca-issuer', subject, `its depth is ${ca.depth}, and its parent's ${parent.depth}`)
  }
  const issuer = readCertificate(parent?.certificateDer ?? ca.externalChainDer[0] ?? ca.certificateDer)
  // Whose certificate cannot be read is a finding of its own.
  if (typeof issuer !== 'string' && !(await isSignedBy(certificate, issuer.spkiDer))) {
    yield finding('ca-issuer', subject, 'its certificate does not verify under the key of its issuer')
  }
}

async function* checkResponder(
  { id, ocspResponder }: CaRecord,
  issuer: Certificate,
): AsyncGenerator<Finding> {
  const subject = `OCSP responder of CA ${id}`
  const certificate = readCertificate(ocspResponder?.certificateDer ?? new Uint8Array())
  if (typeof certificate === 'string') yield finding('ca-certificate', subject, certificate)
  else if (!(await isSignedBy(certificate, issuer.spkiDer))) {
    yield finding('ca-issuer', subject, 'its certificate does not verify under the key of the CA')
  }
}

async function wasImported({ id }: CaRecord, storage: Patient['storage']): Promise<boolean> {
  const [first] = await storage.listAuditEvents({ subjectId: id }, 1)
  return first?.type === 'ca.imported'
}
