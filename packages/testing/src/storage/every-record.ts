import type { StorageReads, StorageTransaction } from '@certwright/core'
import { client, grant, membership, token } from './access-records.js'
import {
  apiKey,
  auditEvent,
  ca,
  certificate,
  collect,
  crl,
  first,
  id,
  idempotencyRecord,
  now,
  ocspResponder,
  outboxEvent,
  reservation,
  revocation,
  serial,
  user,
  workspace,
} from './records.js'

/* One record of every kind: what a law writes that is about all of them. */

export async function writeEverything(tx: StorageTransaction): Promise<void> {
  await tx.insertWorkspace(workspace())
  await tx.insertUser(user())
  await tx.insertApiKey(apiKey())
  await tx.insertMembership(membership())
  await tx.insertOAuthClient(client())
  await tx.insertOAuthGrant(grant())
  await tx.putOAuthArtifact(token({ uid: 'uid1' }))
  await tx.insertCa(ca())
  await tx.insertReservations([reservation()])
  await tx.insertCertificates([certificate()])
  await tx.closeReservations([id('c1')], 'recorded')
  await tx.setOcspResponder(id('ca1'), ocspResponder())
  await tx.insertRevocation(revocation(), first('c1'))
  await tx.nextCrlNumber(id('ca1'))
  await tx.insertCrl(crl({ number: 1 }))
  await tx.claimIdempotencyKey(idempotencyRecord(), now)
  await tx.appendEvents({ audit: [auditEvent('e1')], outbox: [outboxEvent('e1')] })
}

/** Everything that a reader can see of what `writeEverything` writes. */
export async function readEverything(storage: StorageReads) {
  return {
    workspace: await storage.findWorkspace(id('w1')),
    bySlug: await storage.findWorkspaceBySlug('example'),
    user: await storage.findUser(id('u1')),
    apiKey: await storage.findApiKeyByHash('ab'.repeat(32)),
    apiKeys: await storage.listApiKeys({ includeRevoked: true }, { page: 1, pageSize: 10 }),
    membership: await storage.findMembership(id('w1'), id('u1')),
    members: await storage.listMemberships({}, { page: 1, pageSize: 10 }),
    client: await storage.findOAuthClient(id('cl1')),
    clients: await storage.listOAuthClients({}, { page: 1, pageSize: 10 }),
    grant: await storage.findOAuthGrant(id('g1')),
    grants: await storage.listOAuthGrants({}, { page: 1, pageSize: 10 }),
    artifact: await storage.findOAuthArtifact('AccessToken', token().idHash),
    byUid: await storage.findOAuthArtifactByUid('AccessToken', 'uid1'),
    access: await storage.findTokenAccess(token().idHash),
    ca: await storage.findCa(id('ca1')),
    lineage: await storage.findCaLineage(id('ca1')),
    cas: await storage.listCas({ includeRevoked: true }),
    certificate: await storage.findCertificate(id('c1')),
    certificates: await storage.listCertificates({ now }, { page: 1, pageSize: 10 }),
    ofCa: await storage.listCertificates({ now, caIds: [id('ca1')] }, { page: 1, pageSize: 10 }),
    open: await storage.listOpenReservations(now, 10),
    serial: await storage.findSerial(id('ca1'), serial('0a')),
    reservations: await collect(storage.listReservations(id('ca1'))),
    revocations: await collect(storage.listRevocations(id('ca1'))),
    statusLog: await collect(storage.listStatusLog(id('ca1'))),
    crlEntries: await collect(storage.listCrlEntries(id('ca1'))),
    crl: await storage.crlState(id('ca1'), 'complete'),
    latestCrl: await storage.findLatestCrl(id('ca1'), 'complete'),
    latestCrls: await storage.listLatestCrls(id('ca1')),
    idempotency: await storage.findIdempotencyRecord(idempotencyRecord(), now),
    audit: await storage.listAuditEvents({}, 10),
    outbox: await storage.listOutboxEvents(10),
  }
}
