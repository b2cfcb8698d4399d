import type { CaRecord, OcspResponder } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import { currentTime, type Deps } from '../deps.js'
import type { SignedCertificate } from '../stages.js'
import { actorOf, appendEvents } from './append-events.js'
import { closeAsRecorded } from './close-as-recorded.js'
import { transact } from './transact.js'

/** The second transaction of the creation of a CA. @throws {PkiError} `storage_conflict` / `ca_name` | `reservation_id` */
export const recordCa = (
  signed: SignedCertificate,
  ca: CaRecord,
  principal: Principal,
  deps: Deps,
): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertCa(ca)
    await closeAsRecorded(tx, [signed.reservation.id])
    await appendEvents(tx, [{ type: 'ca.created', ...aboutCa(ca, principal) }], deps)
  })

/** A CA that was made elsewhere: its certificate is signed already. @throws {PkiError} `storage_conflict` / `ca_name` */
export const recordImportedCa = (ca: CaRecord, principal: Principal, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertCa(ca)
    await appendEvents(tx, [{ type: 'ca.imported', ...aboutCa(ca, principal) }], deps)
  })

export const recordOcspResponder = (
  signed: SignedCertificate,
  { id, workspaceId }: CaRecord,
  responder: OcspResponder,
  principal: Principal,
  deps: Deps,
): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.setOcspResponder(id, responder)
    await closeAsRecorded(tx, [signed.reservation.id])
    const { serialNumber } = signed.reservation
    await appendEvents(
      tx,
      [
        {
          type: 'ocsp_responder.certified',
          at: currentTime(deps),
          actor: actorOf(principal),
          workspaceId,
          subjectId: id,
          details: { serialNumber },
        },
      ],
      deps,
    )
  })

const aboutCa = (ca: CaRecord, principal: Principal) => ({
  at: ca.createdAt,
  actor: actorOf(principal),
  workspaceId: ca.workspaceId,
  subjectId: ca.id,
  details: { name: ca.name, serialNumber: ca.serialNumber, keyAlgorithm: ca.keyAlgorithm, depth: ca.depth },
})
