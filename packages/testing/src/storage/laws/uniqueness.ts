import assert from 'node:assert/strict'
import type { Storage, StorageConstraint, StorageTransaction } from '@certwright/core'
import { client, grant, membership, token } from '../access-records.js'
import { assertConflict, assertEqual } from '../assertions.js'
import { readEverything, writeEverything } from '../every-record.js'
import {
  apiKey,
  auditEvent,
  ca,
  certificate,
  crl,
  first,
  id,
  now,
  outboxEvent,
  reservation,
  revocation,
  serial,
  user,
  workspace,
  write,
} from '../records.js'
import { laws } from '../storage-law.js'

type Write = (tx: StorageTransaction) => Promise<unknown>

/** What cannot be written when `writeEverything` has. */
const second: Readonly<Record<string, readonly [StorageConstraint, Write]>> = {
  'a workspace id': ['workspace_id', (tx) => tx.insertWorkspace(workspace({ slug: 'other' }))],
  'a slug': ['workspace_slug', (tx) => tx.insertWorkspace(workspace({ id: id('w2') }))],
  'a user id': ['user_id', (tx) => tx.insertUser(user({ email: 'bob@example.org' }))],
  'an email in other case': [
    'user_email',
    (tx) => tx.insertUser(user({ id: id('u2'), email: 'Ada@Example.org' })),
  ],
  'an API key id': ['api_key_id', (tx) => tx.insertApiKey(apiKey({ secretHash: '00'.repeat(32) }))],
  'an API key': ['api_key_hash', (tx) => tx.insertApiKey(apiKey({ id: id('k2') }))],
  'a member': ['membership', (tx) => tx.insertMembership(membership({ rights: 'all' }))],
  'an OAuth client id': ['oauth_client_id', (tx) => tx.insertOAuthClient(client({ name: 'Other' }))],
  'an OAuth grant id': ['oauth_grant_id', (tx) => tx.insertOAuthGrant(grant({ userId: id('u2') }))],
  'the uid of an OAuth artifact': [
    'oauth_artifact_uid',
    (tx) => tx.putOAuthArtifact(token({ idHash: '57'.repeat(32), uid: 'uid1' })),
  ],
  'a CA id': ['ca_id', (tx) => tx.insertCa(ca({ name: 'Other' }))],
  'a serial number': ['serial_number', (tx) => tx.insertReservations([reservation({ id: id('c2') })])],
  'a reservation id': [
    'reservation_id',
    (tx) => tx.insertReservations([reservation({ serialNumber: serial('0b') })]),
  ],
  'a certificate id': [
    'certificate_id',
    (tx) => tx.insertCertificates([certificate({ serialNumber: serial('0b') })]),
  ],
  'a CRL number': ['crl_number', (tx) => tx.insertCrl(crl({ number: 1 }))],
  'an audit event id': ['event_id', (tx) => tx.appendEvents({ audit: [auditEvent('e1')], outbox: [] })],
  'an outbox event id': ['event_id', (tx) => tx.appendEvents({ audit: [], outbox: [outboxEvent('e1')] })],
}

async function isRefused(storage: Storage, constraint: StorageConstraint, insert: Write): Promise<void> {
  const both = storage.transaction(async (tx) => {
    await writeEverything(tx)
    await insert(tx)
  })
  await assertConflict(both, constraint)
  await storage.transaction(writeEverything)
  const before = await readEverything(storage)
  await assertConflict(write(storage, insert), constraint)
  assertEqual(await readEverything(storage), before)
}

export const uniqueness = laws('uniqueness', {
  ...Object.fromEntries(
    Object.entries(second).map(([what, [constraint, insert]]) => [
      `refuses ${what} that exists, committed or in the same transaction`,
      ({ storage }: { storage: Storage }) => isRefused(storage, constraint, insert),
    ]),
  ),

  'refuses the name of another CA of the workspace': async ({ storage }) => {
    await write(storage, (tx) => tx.insertCa(ca()))
    await assertConflict(
      write(storage, (tx) => tx.insertCa(ca({ id: id('ca2') }))),
      'ca_name',
    )
  },

  'refuses all of several reservations where one cannot be': async ({ storage }) => {
    await write(storage, (tx) => tx.insertReservations([reservation()]))
    const many = [
      reservation({ id: id('c2'), serialNumber: serial('0b') }),
      reservation({ id: id('c3') }),
      reservation({ id: id('c4'), serialNumber: serial('0c') }),
    ]
    await assertConflict(
      write(storage, (tx) => tx.insertReservations(many)),
      'serial_number',
    )
    assert.equal(await storage.findSerial(id('ca1'), serial('0b')), undefined)
    assert.equal(await storage.findSerial(id('ca1'), serial('0c')), undefined)
  },

  'allows the same serial number under another CA, and the same CA name in another workspace': async ({
    storage,
  }) => {
    await write(storage, (tx) => tx.insertReservations([reservation()]))
    await write(storage, (tx) => tx.insertCa(ca()))
    await write(storage, (tx) => tx.insertReservations([reservation({ id: id('c2'), caId: id('ca2') })]))
    await write(storage, (tx) => tx.insertCa(ca({ id: id('ca2'), workspaceId: id('w2') })))
    assert.equal((await storage.findSerial(id('ca2'), serial('0a')))?.reservation.id, id('c2'))
    assert.equal((await storage.listCas({ includeRevoked: true })).length, 2)
  },

  'frees the name of a CA when the CA is revoked, and only then': async ({ storage }) => {
    await write(storage, (tx) => tx.insertCa(ca()))
    await write(storage, (tx) =>
      tx.insertRevocation(revocation({ serialNumber: serial('01') }), first('ca1')),
    )
    await write(storage, (tx) => tx.insertCa(ca({ id: id('ca2') })))
    assertEqual(
      (await storage.listCas({})).map((found) => found.id),
      [id('ca2')],
    )
    assertEqual(await storage.findCa(id('ca1')), ca({ revokedAt: now, revocationReason: 'keyCompromise' }))
    await assertConflict(
      write(storage, (tx) => tx.insertCa(ca({ id: id('ca3') }))),
      'ca_name',
    )
  },

  'gives one success and 15 conflicts to 16 reservations of one serial number at once': async ({
    storage,
  }) => {
    const attempts = Array.from({ length: 16 }, (_, i) =>
      write(storage, (tx) => tx.insertReservations([reservation({ id: id(`r${i}`) })])),
    )
    const outcomes = await Promise.allSettled(attempts)
    const losers = attempts.filter((_, i) => outcomes[i]?.status === 'rejected')
    assert.equal(losers.length, 15)
    for (const loser of losers) await assertConflict(loser, 'serial_number')
  },
})
