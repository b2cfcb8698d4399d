import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { fromPool, migrate, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgSchema, text } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { fromDrizzle } from './from-drizzle.js'

const me = { principal: operator('fleet') }

/** A fleet of devices, each with a certificate: Drizzle and the authority share a pool. */
export async function openFleet(pool: pg.Pool, schema = 'fleet') {
  const db = drizzle(pool)
  const devices = pgSchema(schema).table('devices', {
    name: text().primaryKey(),
    certificateId: text('certificate_id').notNull(),
  })

  const executor = fromPool(pool)
  await migrate(executor, { schema })
  await db.execute(`CREATE TABLE ${schema}.devices (name TEXT PRIMARY KEY, certificate_id TEXT NOT NULL)`)
  const authority = createAuthority({
    storage: postgresStorage(executor, { schema }),
    // Here for a run of the example. Yours comes from a file or a KMS, and is there tomorrow.
    custody: sealedCustody({
      keys: postgresKeyStore(executor, { schema }),
      keyEncryptionKey: keyEncryptionKey(randomBytes(32)),
    }),
  })
  const { id: caId } = await authority.createRoot({ name: 'Fleet Root' }, me)

  /** The device and its certificate are in one transaction, which is Drizzle's. */
  const enrol = (name: string) =>
    db.transaction(async (tx) => {
      const request = { caId, commonName: `${name}.fleet.example`, validityDays: 90 }
      const { certificate, privateKeyPem } = await authority.issue(request, { ...me, tx: fromDrizzle(tx) })
      await tx.insert(devices).values({ name, certificateId: certificate.id })
      return { certificate, privateKeyPem }
    })

  return { authority, enrol, listDevices: () => db.select().from(devices) }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] })
  const { enrol, listDevices } = await openFleet(pool, `fleet_${Date.now()}`)
  console.log((await enrol('sensor-1')).certificate.certificatePem)
  console.log(await listDevices())
  await pool.end()
}
