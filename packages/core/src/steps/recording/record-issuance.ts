import { hexEncode } from '../../encoding/hex.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord, IssuanceMode } from '../../ports/records.js'
import type { StorageTransaction } from '../../ports/storage.js'
import { answerLifetimeSeconds, inProgress } from '../../rules/idempotency/replay.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { CertificateSpec } from '../../rules/profile/apply-profile.js'
import { currentTime, type Deps } from '../deps.js'
import type { SignedCertificate } from '../stages.js'
import { actorOf, appendEvents, type Happening } from './append-events.js'
import { closeAsRecorded } from './close-as-recorded.js'
import { revocationOf } from './revocation-of.js'
import { type HostTransaction, transactWithin } from './transact.js'

/** What the record tells beyond the signed bytes. */
export interface IssuanceFacts {
  readonly spec: RecordedSpec
  readonly mode: IssuanceMode
  readonly workspaceId: string
  readonly renewedFrom?: string
  readonly caCertificate?: CaCertificateFacts
}

type RecordedSpec = Pick<
  CertificateSpec,
  | 'profile'
  | 'commonName'
  | 'sanDns'
  | 'sanIp'
  | 'sanEmail'
  | 'sanUri'
  | 'keyAlgorithm'
  | 'publicKey'
  | 'notBefore'
  | 'notAfter'
>

/** One more certificate of a CA. */
export interface CaCertificateFacts {
  readonly event: 'ca.cross_signed' | 'ca.reissued'
  /** The CA that it is of; absent where that is not kept here. */
  readonly subjectCaId?: string
  /** How long the claim to be the next certificate of the CA is kept. */
  readonly claimedUntil: Date
}

/** A signed certificate, and what its record tells beyond the bytes. */
export interface SignedIssuance extends IssuanceFacts {
  readonly signed: SignedCertificate
}

/**
 * The second transaction of an issuance: certificate, end of the reservation, idempotent answer and events, all or none.
 *
 * A signature can take long, and the world may have changed meanwhile (`reasonToWithhold`). The certificate is recorded all
 * the same, since it was signed; revoked at once, since nobody will get it; and not handed out.
 *
 * @param hostTransaction the host's own, to be joined
 * @throws {PkiError} `ca_revoked` | `already_revoked` | `idempotency_in_progress`: why it is withheld; `storage_conflict` /
 *   `reservation_id`: it was given up while it was signed, and nothing is recorded
 */
export async function recordIssuance(
  issuance: SignedIssuance,
  principal: Principal,
  hostTransaction: HostTransaction | undefined,
  deps: Deps,
): Promise<CertificateRecord> {
  const now = currentTime(deps)
  const record = await certificateRecord(issuance, now, deps)
  const withheld = await transactWithin(hostTransaction, deps.storage, async (tx) => {
    await insertIssued(tx, [record], principal, deps, issuance.caCertificate)
    const reason = await reasonToWithhold(tx, issuance, now)
    if (reason !== undefined) await revokeWithheld(tx, [record], principal, deps)
    return reason
  })
  if (withheld !== undefined) throw withheld
  return record
}

/**
 * The same for many that one CA has signed, in one transaction, all or none.
 *
 * @param withhold why none of them is handed out, where that is known already
 * @throws {PkiError} `ca_revoked`, or what is to be withheld
 */
export async function recordIssuances(
  issuances: readonly SignedIssuance[],
  about: { readonly caId: string; readonly principal: Principal; readonly withhold?: Error | undefined },
  hostTransaction: HostTransaction | undefined,
  deps: Deps,
): Promise<readonly CertificateRecord[]> {
  const { caId, principal, withhold } = about
  const now = currentTime(deps)
  const records: CertificateRecord[] = []
  for (const issuance of issuances) records.push(await certificateRecord(issuance, now, deps))
  const withheld = await transactWithin(hostTransaction, deps.storage, async (tx) => {
    if (records.length > 0) await insertIssued(tx, records, principal, deps)
    const reason = withhold ?? (await revokedIssuer(tx, caId))
    if (reason !== undefined) await revokeWithheld(tx, records, principal, deps)
    return reason
  })
  if (withheld !== undefined) throw withheld
  return records
}

async function insertIssued(
  tx: StorageTransaction,
  records: readonly CertificateRecord[],
  principal: Principal,
  deps: Deps,
  caCertificate?: CaCertificateFacts,
): Promise<void> {
  await tx.insertCertificates(records)
  await closeAsRecorded(
    tx,
    records.map(({ id }) => id),
  )
  await appendEvents(
    tx,
    records.map((record) => issued(record, principal, caCertificate)),
    deps,
  )
}

const issued = (
  record: CertificateRecord,
  principal: Principal,
  caCertificate: CaCertificateFacts | undefined,
): Happening => ({
  type:
    caCertificate?.event ?? (record.renewedFrom === undefined ? 'certificate.issued' : 'certificate.renewed'),
  at: record.createdAt,
  actor: actorOf(principal),
  workspaceId: record.workspaceId,
  subjectId: record.id,
  details: {
    caId: record.caId,
    serialNumber: record.serialNumber,
    commonName: record.commonName,
    profile: record.profile,
    ...(record.renewedFrom !== undefined && { renewedFrom: record.renewedFrom }),
    ...(caCertificate?.subjectCaId !== undefined && { subjectCaId: caCertificate.subjectCaId }),
  },
})

/** The CA was revoked, or what this certificate renews or is one of, or a retry has taken the idempotency key. */
async function reasonToWithhold(
  tx: StorageTransaction,
  { signed, renewedFrom, caCertificate }: SignedIssuance,
  now: Date,
): Promise<PkiError | undefined> {
  const { reservation, idempotency } = signed
  const revoked =
    (await revokedIssuer(tx, reservation.caId)) ??
    (renewedFrom && (await revokedOriginal(tx, renewedFrom))) ??
    (caCertificate?.subjectCaId && (await revokedSubject(tx, caCertificate.subjectCaId)))
  if (revoked) {
    if (idempotency !== undefined) await tx.releaseIdempotencyKey(idempotency)
    return revoked
  }
  if (idempotency === undefined) return undefined
  const liveUntil = caCertificate?.claimedUntil ?? new Date(now.getTime() + answerLifetimeSeconds * 1000)
  const isOurs = await tx.completeIdempotencyKey({ ...idempotency, state: 'completed', liveUntil })
  return isOurs ? undefined : inProgress()
}

async function revokedIssuer(
  tx: StorageTransaction,
  caId: string,
): Promise<PkiError<'ca_revoked'> | undefined> {
  const revoked = (await tx.findCaLineage(caId)).find(({ revokedAt }) => revokedAt !== undefined)
  if (revoked === undefined) return undefined
  const state = `CA "${revoked.name}" was revoked while the certificate was signed`
  return new PkiError('ca_revoked', `Cannot issue certificate: ${state}`, { caId: revoked.id })
}

async function revokedSubject(
  tx: StorageTransaction,
  caId: string,
): Promise<PkiError<'ca_revoked'> | undefined> {
  const ca = await tx.findCa(caId)
  if (ca?.revokedAt === undefined) return undefined
  const state = `CA "${ca.name}" was revoked while its certificate was signed`
  return new PkiError('ca_revoked', `Cannot issue certificate: ${state}`, { caId })
}

async function revokedOriginal(
  tx: StorageTransaction,
  certificateId: string,
): Promise<PkiError<'already_revoked'> | undefined> {
  const revokedAt = (await tx.findCertificate(certificateId))?.revokedAt
  if (revokedAt === undefined) return undefined
  const state = 'it was revoked while its successor was signed'
  return new PkiError('already_revoked', `Cannot renew certificate: ${state}`, { certificateId, revokedAt })
}

async function revokeWithheld(
  tx: StorageTransaction,
  records: readonly CertificateRecord[],
  principal: Principal,
  deps: Deps,
): Promise<void> {
  const reason = 'superseded'
  for (const { id, workspaceId, caId, serialNumber, notAfter, createdAt } of records) {
    await tx.insertRevocation(revocationOf({ caId, serialNumber, notAfter, revokedAt: createdAt, reason }), {
      id,
      replacesHold: false,
    })
    const details = { caId, serialNumber, reason }
    const actor = actorOf(principal)
    await appendEvents(
      tx,
      [{ type: 'certificate.revoked', at: createdAt, actor, workspaceId, subjectId: id, details }],
      deps,
    )
  }
}

async function certificateRecord(
  { signed, spec, mode, workspaceId, renewedFrom }: SignedIssuance,
  createdAt: Date,
  deps: Deps,
): Promise<CertificateRecord> {
  const { id, caId, serialNumber } = signed.reservation
  return {
    id,
    workspaceId,
    caId,
    serialNumber,
    mode,
    profile: spec.profile,
    commonName: spec.commonName,
    sanDns: spec.sanDns,
    sanIp: spec.sanIp,
    sanEmail: spec.sanEmail,
    sanUri: spec.sanUri,
    keyAlgorithm: spec.keyAlgorithm,
    spkiHash: hexEncode(await deps.crypto.digest('SHA-256', spec.publicKey.spkiDer)),
    certificateDer: signed.certificateDer,
    notBefore: spec.notBefore,
    notAfter: spec.notAfter,
    createdAt,
    ...(renewedFrom !== undefined && { renewedFrom }),
  }
}
