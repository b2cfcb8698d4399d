import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, crlEntries, parseCrl, type SealedKeyStore, type Storage } from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { fromPool, migrate, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asHost, movableClock, newCsr, newRoot } from '../flows/setting.js'
import { bundledProcess } from './bundled-process.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'
import { nextSchema } from './postgres-stores.js'

/* Lists that are due, and several processes that all want to publish them. */

const key = 'ab'.repeat(32)
const csrPem = await newCsr({ commonName: 'db.example.org' })

interface SharedStore {
  readonly storage: Storage
  readonly keys: SealedKeyStore
  /** Tells another process where it is. */
  readonly place: object
  close(): Promise<void>
}

async function openSqlite(): Promise<SharedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-publishers-'))
  const path = join(folder, 'certwright.db')
  const storage = sqliteStorage(path)
  return {
    storage,
    keys: storage.keys,
    place: { path },
    async close() {
      await storage.close()
      rmSync(folder, { recursive: true })
    },
  }
}

type Answer = Partial<{
  ready: true
  signing: true
  failure: string
  published: readonly { caId: string; number: number }[]
}>

class Publisher {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(place: object, hangs = false): Promise<Publisher> {
    const module = await bundledProcess('publisher-process.ts')
    const argument = JSON.stringify({ store: place, key, hangs })
    const publisher = new Publisher(fork(module, [argument], { execArgv: [] }))
    await publisher.#answer()
    return publisher
  }

  /** @returns what it published; `undefined`: it hangs where the key would sign */
  async publishDue(at: Date) {
    this.#child.send({ at })
    const { published, failure } = await this.#answer()
    if (failure !== undefined) throw new Error(failure)
    return published
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  async #answer(): Promise<Answer> {
    const ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('the publisher has ended')))
    const [answer] = (await Promise.race([once(this.#child, 'message'), ended])) as [Answer]
    ended.catch(() => undefined)
    return answer
  }
}

async function whilePublishing(
  store: SharedStore,
  hanging: readonly boolean[],
  use: (publishers: readonly Publisher[]) => Promise<void>,
): Promise<void> {
  const publishers = await Promise.all(hanging.map((hangs) => Publisher.start(store.place, hangs)))
  try {
    await use(publishers)
  } finally {
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await store.close()
  }
}

function openAuthority({ storage, keys }: SharedStore) {
  const clock = movableClock()
  const custody = sealedCustody({ keys, keyEncryptionKey: keyEncryptionKey(Buffer.from(key, 'hex')) })
  const authority = createAuthority({ storage, custody, clock })
  const revokeOne = async (caId: string) => {
    const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem }, asHost)
    await authority.revoke({ certificateId: certificate.id }, asHost)
    return certificate.serialNumber
  }
  return { authority, clock, revokeOne }
}

function describePublishers(name: string, openStore: () => Promise<SharedStore>): void {
  describe.each([{ name, openStore }])('$name', ({ openStore: open }) => {
    it('four processes that look at the same time publish each list that is due once, and waste no number', async () => {
      const store = await open()
      const { authority, clock, revokeOne } = openAuthority(store)
      const roots = [await newRoot(authority), await newRoot(authority, { name: 'Other' })]
      await whilePublishing(store, [false, false, false, false], async (publishers) => {
        for (let round = 1; round <= 4; round++) {
          const revoked = new Map<string, string>()
          for (const { id } of roots) revoked.set(id, await revokeOne(id))
          const reports = await Promise.all(publishers.map((one) => one.publishDue(clock.now())))
          const published = reports.flatMap((report) => report ?? [])
          expect(new Map(published.map(({ caId, number }) => [caId, number]))).toEqual(
            new Map(roots.map(({ id }) => [id, round])),
          )
          expect(published).toHaveLength(roots.length)
          for (const { id } of roots) {
            const latest = await store.storage.findLatestCrl(id, 'complete')
            const serials = [...crlEntries(parseCrl(latest?.der ?? new Uint8Array()))]
            expect(serials).toHaveLength(round)
            expect(serials.at(-1)?.serialNumber).toBe(revoked.get(id))
          }
        }
      })
    }, 60_000)

    it('a process that dies between the number and the list leaves it to another, two minutes later, under the next number', async () => {
      const store = await open()
      const { authority, clock, revokeOne } = openAuthority(store)
      const { id: caId } = await newRoot(authority)
      const serialNumber = await revokeOne(caId)
      await whilePublishing(store, [true, false], async ([dying, other]) => {
        expect(await dying?.publishDue(clock.now())).toBeUndefined()
        await dying?.kill()
        // Its lease lives on: nobody can know that it is dead.
        expect(await other?.publishDue(clock.now())).toEqual([])
        clock.forward(121)
        expect(await other?.publishDue(clock.now())).toEqual([{ caId, number: 2 }])
        const list = await store.storage.findLatestCrl(caId, 'complete')
        const entries = [...crlEntries(parseCrl(list?.der ?? new Uint8Array()))]
        expect(entries.map((entry) => entry.serialNumber)).toEqual([serialNumber])
      })
    }, 60_000)
  })
}

describePublishers('SQLite', openSqlite)

const missing = missingPostgres()
describe.skipIf(missing !== undefined)(`a server${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: PostgresServer
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 4 })
  }, 120_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  describePublishers('Postgres', async () => {
    const schema = nextSchema()
    const executor = fromPool(pool)
    await migrate(executor, { schema })
    return {
      storage: postgresStorage(executor, { schema }),
      keys: postgresKeyStore(executor, { schema }),
      place: { url: server.url, schema },
      close: () => pool.query(`DROP SCHEMA ${schema} CASCADE`).then(() => undefined),
    }
  })
})
