// A process that publishes what is due whenever it is told to, over a store that others use too. It is bundled: see
// bundled-process.ts. With `hangs` it stops for ever where the key would sign.
import process from 'node:process'
import {
  createAuthority,
  type KeyCustody,
  operator,
  type SealedKeyStore,
  type Storage,
} from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { fromPool, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import pg from 'pg'

type Place = { readonly path: string } | { readonly url: string; readonly schema: string }

// The cast: it is the test that starts this program.
const { store, key, hangs } = JSON.parse(process.argv[2] ?? '') as {
  readonly store: Place
  readonly key: string
  readonly hangs: boolean
}
const tell = (answer: object): void => void process.send?.(answer)
const { storage, keys } = openStore(store)
const custody = sealedCustody({ keys, keyEncryptionKey: keyEncryptionKey(Buffer.from(key, 'hex')) })
let now = new Date(0)
const hanging: KeyCustody = {
  ...custody,
  sign() {
    tell({ signing: true })
    return new Promise(() => undefined)
  },
}
const authority = createAuthority({ storage, custody: hangs ? hanging : custody, clock: { now: () => now } })

process.on('disconnect', () => process.exit())
process.on('message', ({ at }: { readonly at: string }) => {
  now = new Date(at)
  void publishDue()
})
tell({ ready: true })

async function publishDue(): Promise<void> {
  try {
    const { published } = await authority.publishDueCrls({ principal: operator('publisher') })
    tell({ published: published.map(({ caId, number }) => ({ caId, number })) })
  } catch (error) {
    tell({ failure: String(error) })
  }
}

function openStore(place: Place): { readonly storage: Storage; readonly keys: SealedKeyStore } {
  if ('path' in place) {
    const storage = sqliteStorage(place.path)
    return { storage, keys: storage.keys }
  }
  const { url, schema } = place
  const executor = fromPool(new pg.Pool({ connectionString: url, max: 4 }))
  return { storage: postgresStorage(executor, { schema }), keys: postgresKeyStore(executor, { schema }) }
}
