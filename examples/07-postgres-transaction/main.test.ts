import { operator, type SerialNumber } from '@certwright/core'
import { fromPool, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingPostgres, type PostgresServer, startPostgres } from '../../test/storage/postgres-server.js'
import { openShop } from './main.js'

const missing = missingPostgres()
const me = { principal: operator('tests') }

describe.skipIf(missing !== undefined)(`a shop${missing === undefined ? '' : ` (${missing})`}`, () => {
  const schemas: string[] = []
  let server: PostgresServer
  let pool: pg.Pool

  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url })
  }, 120_000)

  afterAll(async () => {
    for (const schema of schemas) await pool.query(`DROP SCHEMA ${schema} CASCADE`)
    await pool.end()
    await server.stop()
  })

  async function newShop() {
    const schema = `shop_${process.pid}_${schemas.length}`
    schemas.push(schema)
    const time = { minutes: 0 }
    const clock = { now: () => new Date(Date.UTC(2026, 0, 1, 12, time.minutes)) }
    const shop = await openShop(pool, { schema, clock })
    const orders = async (): Promise<unknown> => (await pool.query(`SELECT * FROM ${schema}.orders`)).rows
    return { ...shop, time, orders, storage: postgresStorage(fromPool(pool), { schema }) }
  }

  it('has the order and the certificate of what it sold, and neither of what it did not', async () => {
    const { authority, sell, orders } = await newShop()
    const sold = await sell('order-1', 'www.example.org')
    await expect(sell('order-1', 'api.example.org')).rejects.toThrow(/duplicate key/)
    expect(await orders()).toEqual([{ id: 'order-1', certificate_id: sold.id }])
    const { certificates } = await authority.listCertificates({}, me)
    expect(certificates).toEqual([sold])
  })

  it('knows the serial number of what it did not sell, and revokes it', async () => {
    const { caId, sell, revokeUnsold, storage, time } = await newShop()
    await sell('order-1', 'www.example.org')
    await expect(sell('order-1', 'api.example.org')).rejects.toThrow(/duplicate key/)
    // An issuance may take two minutes: until then, nobody can tell that it will not come back.
    expect(await revokeUnsold()).toEqual([])
    time.minutes = 3
    const [serialNumber] = await revokeUnsold()
    expect(await storage.findSerial(caId, serialNumber as SerialNumber)).toMatchObject({
      state: 'abandoned',
      revocation: { reason: 'cessationOfOperation' },
    })
  })
})
