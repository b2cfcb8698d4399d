import assert from 'node:assert/strict'
import type { OAuthGrantFilter, Storage } from '@certwright/core'
import { artifact, client, grant, membership, token } from '../access-records.js'
import { assertConflict, assertEqual, assertRangeError } from '../assertions.js'
import { at, id, now, write } from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

const page = { page: 1, pageSize: 10 }
const later = at('03-01T12:05:00')

const revoke = (storage: Storage, filter: OAuthGrantFilter, revokedAt = later) =>
  write(storage, (tx) => tx.revokeOAuthGrants(filter, revokedAt))

const idsOf = async (storage: Storage, filter: OAuthGrantFilter) =>
  (await storage.listOAuthGrants(filter, page)).items.map((one) => one.id)

const four = (storage: Storage) =>
  write(storage, async (tx) => {
    await tx.insertOAuthGrant(grant({ id: id('b') }))
    await tx.insertOAuthGrant(grant({ id: id('a'), clientId: id('cl2') }))
    await tx.insertOAuthGrant(grant({ id: id('c'), userId: id('u2'), createdAt: at('02-01T00:00:00') }))
    await tx.insertOAuthGrant(grant({ id: id('d'), workspaceId: id('w2') }))
  })

/** All that an access token hangs on. */
const access = (storage: Storage) =>
  write(storage, async (tx) => {
    await tx.insertMembership(membership())
    await tx.insertOAuthClient(client())
    await tx.insertOAuthGrant(grant())
    await tx.putOAuthArtifact(token())
  })

export const oauthGrants = laws('an OAuth grant', {
  'comes back as it went in': async ({ storage }) => {
    const full = grant({ id: 'mixed-Case_id.1', expiresAt: later, revokedAt: now })
    await write(storage, (tx) => tx.insertOAuthGrant(grant()))
    await write(storage, (tx) => tx.insertOAuthGrant(full))
    assertEqual(await storage.findOAuthGrant(id('g1')), grant())
    assertEqual(await storage.findOAuthGrant(full.id), full)
    assert.equal(await storage.findOAuthGrant(id('unknown')), undefined)
    await assertConflict(
      write(storage, (tx) => tx.insertOAuthGrant(grant())),
      'oauth_grant_id',
    )
  },

  'is revoked by one of 16 at once, and stays so': async ({ storage }) => {
    await write(storage, (tx) => tx.insertOAuthGrant(grant()))
    const counts = await Promise.all(
      Array.from({ length: 16 }, () =>
        retrySerialization(storage, (tx) => tx.revokeOAuthGrants({ grantId: id('g1') }, later)),
      ),
    )
    assertEqual(counts.sort((a, b) => a - b).slice(-2), [0, 1])
    assert.equal(await revoke(storage, { grantId: id('g1') }, at('04-01T00:00:00')), 0)
    assertEqual(await storage.findOAuthGrant(id('g1')), grant({ revokedAt: later }))
  },

  'is revoked with all that a filter lets through, and with no other': async ({ storage }) => {
    await four(storage)
    assert.equal(await revoke(storage, { workspaceId: id('w1'), userId: id('u1') }), 2)
    const live = async () =>
      (await storage.listOAuthGrants({}, page)).items.filter((one) => one.revokedAt === undefined)
    assertEqual(
      (await live()).map((one) => one.id),
      [id('c'), id('d')],
    )
    assert.equal(await revoke(storage, { clientId: id('cl1') }), 2)
    assertEqual(await live(), [])
  },

  'is never revoked by a filter that says nothing': async ({ storage }) => {
    await four(storage)
    await assertRangeError(revoke(storage, {}))
    assert.equal(
      (await storage.listOAuthGrants({}, page)).items.every((one) => !one.revokedAt),
      true,
    )
  },

  'is listed by client, workspace and user, oldest first': async ({ storage }) => {
    await four(storage)
    assertEqual(await idsOf(storage, {}), [id('c'), id('a'), id('b'), id('d')])
    assertEqual(await idsOf(storage, { clientId: id('cl1') }), [id('c'), id('b'), id('d')])
    assertEqual(await idsOf(storage, { userId: id('u1'), workspaceId: id('w1') }), [id('a'), id('b')])
    assertEqual(await idsOf(storage, { grantId: id('d'), workspaceId: id('w1') }), [])
    assert.equal((await storage.listOAuthGrants({}, { page: 2, pageSize: 3 })).items.length, 1)
  },

  'is garbage when it was revoked, or has expired, long enough ago; the oldest go first': async ({
    storage,
  }) => {
    await write(storage, async (tx) => {
      await tx.insertOAuthGrant(grant({ id: id('live') }))
      await tx.insertOAuthGrant(grant({ id: id('later'), expiresAt: at('03-01T12:00:01') }))
      await tx.insertOAuthGrant(grant({ id: id('third'), expiresAt: now }))
      await tx.insertOAuthGrant(
        grant({ id: id('first'), revokedAt: at('02-01T00:00:00'), expiresAt: at('12-01T00:00:00') }),
      )
      await tx.insertOAuthGrant(
        grant({ id: id('second'), revokedAt: at('12-01T00:00:00'), expiresAt: at('02-02T00:00:00') }),
      )
    })
    const collect = () => write(storage, (tx) => tx.deleteEndedOAuthGrants(now, 2))
    assert.equal(await collect(), 2)
    assertEqual((await idsOf(storage, {})).sort(), [id('live'), id('later'), id('third')].sort())
    assert.equal(await collect(), 1)
    assert.equal(await collect(), 0)
    assertEqual((await idsOf(storage, {})).sort(), [id('live'), id('later')].sort())
  },

  'stands behind its access token, with client and membership, until one of them is gone': async ({
    storage,
  }) => {
    const { idHash } = token()
    await access(storage)
    const whole = { token: token(), grant: grant(), client: client(), membership: membership() }
    assertEqual(await storage.findTokenAccess(idHash), whole)
    assert.equal(await storage.findTokenAccess('57'.repeat(32)), undefined)
    await revoke(storage, { grantId: id('g1') })
    assertEqual((await storage.findTokenAccess(idHash))?.grant, grant({ revokedAt: later }))
    await write(storage, (tx) => tx.setMemberRights(id('w1'), id('u1'), 'all'))
    assertEqual((await storage.findTokenAccess(idHash))?.membership, membership({ rights: 'all' }))
    await write(storage, (tx) => tx.deleteMembership(id('w1'), id('u1')))
    assert.equal(await storage.findTokenAccess(idHash), undefined)
    await write(storage, (tx) => tx.insertMembership(membership()))
    await write(storage, (tx) => tx.deleteOAuthClient(id('cl1')))
    assert.equal(await storage.findTokenAccess(idHash), undefined)
  },

  'stands behind no token of another kind, and of no other user or workspace': async ({ storage }) => {
    await access(storage)
    await write(storage, (tx) =>
      tx.putOAuthArtifact(artifact({ idHash: '58'.repeat(32), grantId: id('g1') })),
    )
    assert.equal(await storage.findTokenAccess('58'.repeat(32)), undefined)
    await write(storage, async (tx) => {
      await tx.insertOAuthGrant(grant({ id: id('g2'), userId: id('u2') }))
      await tx.insertOAuthGrant(grant({ id: id('g3'), workspaceId: id('w2') }))
      await tx.putOAuthArtifact(token({ idHash: '5a'.repeat(32), grantId: id('g2') }))
      await tx.putOAuthArtifact(token({ idHash: '5b'.repeat(32), grantId: id('g3') }))
    })
    for (const idHash of ['5a', '5b']) {
      assert.equal(await storage.findTokenAccess(idHash.repeat(32)), undefined)
    }
  },
})
