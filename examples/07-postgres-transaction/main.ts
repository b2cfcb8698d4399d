import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { type CertificateInfo, createAuthority, operator } from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { fromClient, fromPool, migrate, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import pg from 'pg'

const me = { principal: operator('shop') }
const systemClock = { now: () => new Date() }

/** A shop that sells certificates. Its orders and its authority are in one database, in one schema. */
export async function openShop(pool: pg.Pool, { schema = 'shop', clock = systemClock } = {}) {
  const executor = fromPool(pool)
  await migrate(executor, { schema })
  await pool.query(`CREATE TABLE ${schema}.orders (id TEXT PRIMARY KEY, certificate_id TEXT NOT NULL)`)
  const authority = createAuthority({
    clock,
    storage: postgresStorage(executor, { schema }),
    // Here for a run of the example. Yours comes from a file or a KMS, and is there tomorrow.
    custody: sealedCustody({
      keys: postgresKeyStore(executor, { schema }),
      keyEncryptionKey: keyEncryptionKey(randomBytes(32)),
    }),
  })
  const { id: caId } = await authority.createRoot({ name: 'Shop Root' }, me)

  /** The order and its certificate, or neither: they are in one transaction, which is the shop's. */
  async function sell(orderId: string, commonName: string): Promise<CertificateInfo> {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const { certificate } = await authority.issue({ caId, commonName }, { ...me, tx: fromClient(client) })
      await client.query(`INSERT INTO ${schema}.orders VALUES ($1, $2)`, [orderId, certificate.id])
      await client.query('COMMIT')
      return certificate
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }

  /**
   * For every hour or so. After a rollback there is no certificate in the database, but there was a signature. Its serial
   * number was reserved before, outside of the transaction, so it is known, and goes onto the revocation list.
   *
   * @returns the serial numbers
   */
  async function revokeUnsold(): Promise<readonly string[]> {
    const { unresolved } = await authority.recoverIssuances({}, me)
    for (const { serialNumber } of unresolved) {
      await authority.revokeReservation({ caId, serialNumber, reason: 'cessationOfOperation' }, me)
    }
    return unresolved.map(({ serialNumber }) => serialNumber)
  }

  return { authority, caId, sell, revokeUnsold }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] })
  const { sell } = await openShop(pool, { schema: `shop_${Date.now()}` })
  console.log((await sell('order-1', 'www.example.org')).certificatePem)
  await sell('order-1', 'api.example.org').catch((error: unknown) => console.log(String(error)))
  await pool.end()
}
