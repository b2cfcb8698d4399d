import assert from 'node:assert/strict'
import { artifact, client, grant, membership, token } from '../access-records.js'
import { apiKey, id, now, write } from '../records.js'
import { withProcesses } from '../processes/with-processes.js'
import { lawsWith } from '../storage-law.js'

const writers = 4

export const accessProcesses = lawsWith('processes', 'several processes', {
  'consume an OAuth artifact once, and revoke a key and a grant once': async ({ storage, otherProcess }) => {
    await write(storage, async (tx) => {
      await tx.insertApiKey(apiKey())
      await tx.insertOAuthGrant(grant())
      await tx.putOAuthArtifact(artifact())
    })
    const answers = await withProcesses(otherProcess, (started) =>
      Promise.all(started.map((one) => one.ask('useUp', { writers }))),
    )
    const wins = (what: 'consumed' | 'revokedKey' | 'revokedGrant') =>
      answers.flat().filter((outcome) => outcome[what]).length
    assert.equal(answers.flat().length, answers.length * writers)
    assert.deepEqual([wins('consumed'), wins('revokedKey'), wins('revokedGrant')], [1, 1, 1])
  },

  'see at once that a key or a grant is revoked, and that a member has left': async ({
    storage,
    otherProcess,
  }) => {
    await write(storage, async (tx) => {
      await tx.insertApiKey(apiKey())
      await tx.insertMembership(membership())
      await tx.insertOAuthClient(client())
      await tx.insertOAuthGrant(grant())
      await tx.putOAuthArtifact(token())
    })
    await withProcesses(otherProcess, async (started) => {
      const seen = () => Promise.all(started.map((one) => one.ask('findAccess', {})))
      const before = { keyRevoked: false, hasAccess: true, grantRevoked: false }
      for (const each of await seen()) assert.deepEqual(each, before)
      const revocation = { kind: 'revocation', revokedAt: now } as const
      await write(storage, (tx) => tx.changeApiKey(id('k1'), revocation))
      for (const each of await seen()) assert.equal(each.keyRevoked, true)
      await write(storage, (tx) => tx.revokeOAuthGrants({ grantId: id('g1') }, now))
      for (const each of await seen()) assert.equal(each.grantRevoked, true)
      await write(storage, (tx) => tx.deleteMembership(id('w1'), id('u1')))
      for (const each of await seen()) assert.equal(each.hasAccess, false)
    })
  },
})
