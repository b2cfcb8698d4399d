// A process that publishes what is due whenever it is told to, over a store that others use too. It is bundled: see
// bundled-process.ts. With `hangs` it stops for ever where the key would sign.
import process from 'node:process'
import { createAuthority, operator } from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { fromPool, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import pg from 'pg'

const { store, key, hangs } = JSON.parse(process.argv[2])
const { storage, keys } = openStore(store)
const custody = sealedCustody({ keys, keyEncryptionKey: keyEncryptionKey(Buffer.from(key, 'hex')) })
let now = new Date(0)
const hanging = {
  ...custody,
  checkPassphrase: (given) => custody.checkPassphrase(given),
  sign() {
    process.send({ signing: true })
    return new Promise(() => undefined)
  },
}
const authority = createAuthority({ storage, custody: hangs ? hanging : custody, clock: { now: () => now } })

process.on('disconnect', () => process.exit())
process.on('message', async ({ at }) => {
  now = new Date(at)
  try {
    const { published } = await authority.publishDueCrls({ principal: operator('publisher') })
    process.send({ published: published.map(({ caId, number }) => ({ caId, number })) })
  } catch (error) {
    process.send({ failure: String(error?.stack) })
  }
})
process.send({ ready: true })

function openStore({ path, url, schema }) {
  if (path !== undefined) {
    const storage = sqliteStorage(path)
    return { storage, keys: storage.keys }
  }
  const executor = fromPool(new pg.Pool({ connectionString: url, max: 4 }))
  return { storage: postgresStorage(executor, { schema }), keys: postgresKeyStore(executor, { schema }) }
}
