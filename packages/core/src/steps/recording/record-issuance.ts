import { hexEncode } from '../../encoding/hex.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord, IssuanceMode } from '../../ports/records.js'
import type { StorageTransaction } from '../../ports/storage.js'
import { answerLifetimeSeconds, inProgress } from '../../rules/idempotency/replay.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { CertificateSpec } from '../../rules/profile/apply-profile.js'
import { currentTime, type Deps } from '../deps.js'
import type { SignedCertificate } from '../stages.js'
import { actorOf, appendEvents } from './append-events.js'
import { transact } from './transact.js'

/** What the record tells beyond the signed bytes. */
export interface IssuanceFacts {
  readonly spec: CertificateSpec
  readonly mode: IssuanceMode
  readonly workspaceId: string
  readonly renewedFrom?: string
}

/**
 * The second transaction of an issuance: certificate, end of the reservation, idempotent answer and events, all or none.
 *
 * A signature can take long, and the world may have changed meanwhile (`reasonToWithhold`). The certificate is recorded all
 * the same, since it was signed; revoked at once, since nobody will get it; and not handed out.
 *
 * @throws {PkiError} `ca_revoked` | `already_revoked` | `idempotency_in_progress`: why it is withheld
 */
export async function recordIssuance(
  signed: SignedCertificate,
  about: IssuanceFacts,
  principal: Principal,
  deps: Deps,
): Promise<CertificateRecord> {
  const { reservation } = signed
  const now = currentTime(deps)
  const spkiHash = hexEncode(await deps.crypto.digest('SHA-256', about.spec.publicKey.spkiDer))
  const record = certificateRecord(signed, { ...about, spkiHash }, now)
  const withheld = await transact(deps.storage, async (tx) => {
    await tx.insertCertificate(record)
    await tx.closeReservation(reservation.id, 'recorded')
    await appendEvents(
      tx,
      {
        type: about.renewedFrom === undefined ? 'certificate.issued' : 'certificate.renewed',
        at: now,
        actor: actorOf(principal),
        workspaceId: about.workspaceId,
        subjectId: record.id,
        details: {
          caId: record.caId,
          serialNumber: record.serialNumber,
          commonName: record.commonName,
          profile: record.profile,
          ...(about.renewedFrom !== undefined && { renewedFrom: about.renewedFrom }),
        },
      },
      deps,
    )
    const reason = await reasonToWithhold(tx, signed, about, now)
    if (reason !== undefined) await revokeSuperseded(tx, record, principal, deps)
    return reason
  })
  if (withheld !== undefined) throw withheld
  return record
}

/** The CA was revoked, or the certificate that this one renews, or a retry has taken the idempotency key. */
async function reasonToWithhold(
  tx: StorageTransaction,
  { reservation, idempotency }: SignedCertificate,
  { renewedFrom }: IssuanceFacts,
  now: Date,
): Promise<PkiError | undefined> {
  const revoked =
    (await revokedIssuer(tx, reservation.caId)) ?? (renewedFrom && (await revokedOriginal(tx, renewedFrom)))
  if (revoked) {
    if (idempotency !== undefined) await tx.releaseIdempotencyKey(idempotency)
    return revoked
  }
  if (idempotency === undefined) return undefined
  const liveUntil = new Date(now.getTime() + answerLifetimeSeconds * 1000)
  const isOurs = await tx.completeIdempotencyKey({ ...idempotency, state: 'completed', liveUntil })
  return isOurs ? undefined : inProgress()
}

async function revokedIssuer(
  tx: StorageTransaction,
  caId: string,
): Promise<PkiError<'ca_revoked'> | undefined> {
  let ca = await tx.findCa(caId)
  // The chain was loaded before the signature, so it has an end.
  while (ca !== undefined) {
    if (ca.revokedAt !== undefined) {
      const state = `CA "${ca.name}" was revoked while the certificate was signed`
      return new PkiError('ca_revoked', `Cannot issue certificate: ${state}`, { caId: ca.id })
    }
    ca = ca.parentCaId === undefined ? undefined : await tx.findCa(ca.parentCaId)
  }
  return undefined
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

async function revokeSuperseded(
  tx: StorageTransaction,
  { id, workspaceId, caId, serialNumber, notAfter, createdAt }: CertificateRecord,
  principal: Principal,
  deps: Deps,
): Promise<void> {
  const reason = 'superseded'
  await tx.insertRevocation(
    { caId, serialNumber, notAfter, revokedAt: createdAt, reason },
    { id, replacesHold: false },
  )
  const details = { caId, serialNumber, reason }
  const actor = actorOf(principal)
  await appendEvents(
    tx,
    { type: 'certificate.revoked', at: createdAt, actor, workspaceId, subjectId: id, details },
    deps,
  )
}

function certificateRecord(
  signed: SignedCertificate,
  about: IssuanceFacts & Pick<CertificateRecord, 'spkiHash'>,
  now: Date,
): CertificateRecord {
  const { id, caId, serialNumber } = signed.reservation
  const { spec, spkiHash, mode, workspaceId, renewedFrom } = about
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
    spkiHash,
    certificateDer: signed.certificateDer,
    notBefore: spec.notBefore,
    notAfter: spec.notAfter,
    createdAt: now,
    ...(renewedFrom !== undefined && { renewedFrom }),
  }
}
