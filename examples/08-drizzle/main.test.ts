import { operator } from '@certwright/core'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingPostgres, type PostgresServer, startPostgres } from '../../test/storage/postgres-server.js'
import { openFleet } from './main.js'

const missing = missingPostgres()
const me = { principal: operator('tests') }

describe.skipIf(missing !== undefined)(`a fleet${missing === undefined ? '' : ` (${missing})`}`, () => {
  const schema = `fleet_${process.pid}`
  let server: PostgresServer
  let pool: pg.Pool

  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url })
  }, 120_000)

  afterAll(async () => {
    await pool.query(`DROP SCHEMA ${schema} CASCADE`)
    await pool.end()
    await server.stop()
  })

  it('enrols a device with its certificate, or leaves no trace of either', async () => {
    const { authority, enrol, listDevices } = await openFleet(pool, schema)
    const { certificate, privateKeyPem } = await enrol('sensor-1')
    expect(privateKeyPem).toContain('PRIVATE KEY')
    expect(await listDevices()).toEqual([{ name: 'sensor-1', certificateId: certificate.id }])

    await expect(enrol('sensor-1')).rejects.toThrow(/insert into/)
    expect(await listDevices()).toHaveLength(1)
    const { certificates } = await authority.listCertificates({}, me)
    expect(certificates).toEqual([certificate])
  })
})
