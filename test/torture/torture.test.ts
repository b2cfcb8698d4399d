import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { missingPostgres } from '../storage/postgres-server.js'
import { type StoreName, withStore } from './stores.js'
import { isClean, torture, type TortureReport } from './torture.js'

/*
 * The short form of `npm run torture`: the built command is killed twenty times on each store. Requests whose key a killed
 * process has taken stay open: their lease of two minutes is not waited for.
 */

const kills = 20
const seed = Number(process.env['CERTWRIGHT_TORTURE_SEED'] ?? Date.now() % 2 ** 32)
const missing = missingPostgres()

afterAll(() => void process.stderr.write(`torture: seed ${seed}, CERTWRIGHT_TORTURE_SEED repeats it\n`))

const clean = {
  handedOutNotStored: 0,
  signaturesWithoutReservation: 0,
  duplicateSerials: 0,
  crlNumbersReused: 0,
  keysWithTwoCertificates: 0,
  revocationsLost: 0,
  doctor: 'clean',
}

const tortured = (store: StoreName): Promise<TortureReport> =>
  withStore(store, (place) => torture(place, { kills, seed, settle: false, progress: () => undefined }))

it('twenty kills on SQLite break no promise', async () => {
  const report = await tortured('sqlite')
  expect(report).toMatchObject(clean)
  expect(report).toSatisfy(hasWorked)
}, 400_000)

describe.skipIf(missing !== undefined)(`on Postgres${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('twenty kills break no promise', async () => {
    const report = await tortured('postgres')
    expect(report).toMatchObject(clean)
    expect(report).toSatisfy(hasWorked)
  }, 400_000)

  it('a store that forgets a certificate and its CRL numbers while it is dead is found out', async () => {
    const report = await withStore('postgres', (place) =>
      torture(place, {
        kills: 6,
        seed,
        settle: false,
        async progress(killed) {
          if (killed === 6) await forget(String(place.flags[1]))
        },
      }),
    )
    expect(report).toMatchObject({ handedOutNotStored: 1, revocationsLost: 1, duplicateSerials: 0 })
    expect(report.crlNumbersReused).toBeGreaterThan(0)
    expect(isClean(report)).toBe(false)
  }, 400_000)
})

/** One that was revoked, and so was handed out before, and is asked for no more. */
async function forget(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    DELETE FROM certwright.certificates WHERE id =
      (SELECT id FROM certwright.certificates WHERE revoked_at IS NOT NULL ORDER BY created_at, id LIMIT 1);
    DELETE FROM certwright.crls;
    UPDATE certwright.ca_counters SET crl_number = 0`)
  await client.end()
}

/** A run in which nothing happens proves nothing. */
const hasWorked = ({ certificates, revocations }: TortureReport): boolean =>
  certificates > kills && revocations > 0
