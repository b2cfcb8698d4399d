import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newFolder, serveJson } from '../cli/running-command.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

/* The built command over a real Postgres: what an operator types, from an empty database to a restart. */

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const missing = missingPostgres()

function certwright(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: newFolder(),
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe.skipIf(missing !== undefined)(
  `serve --database${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
    }, 120_000)
    afterAll(() => server.stop())

    it('refuses a database without a schema, migrates it, serves, and goes on after a restart', async () => {
      const database = ['--database', server.url]
      const refused = certwright('serve', ...database)
      expect(refused).toMatchObject({ status: 1, stdout: '' })
      expect(refused.stderr).toContain('migrate')

      const dry = certwright('migrate', ...database, '--dry-run')
      expect(dry).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('CREATE TABLE "certwright".certificates'),
      })
      expect(certwright('migrate', ...database)).toMatchObject({ status: 0, stdout: '' })
      expect(certwright('migrate', ...database).stderr).toContain('is up to date')

      const cwd = newFolder()
      const first = await serveJson(database, { cwd })
      const response = await fetch(`${first.ready['url']}/v1/certificates`, {
        method: 'POST',
        headers: { authorization: `Bearer ${first.ready['apiKey']}`, 'content-type': 'application/json' },
        body: JSON.stringify({ caId: first.ready['issuingCaId'], commonName: 'db.example.org' }),
      })
      expect(response.status).toBe(200)
      first.child.kill('SIGKILL')
      await first.ended
      const second = await serveJson(database, { cwd })
      expect(second.ready['issuingCaId']).toBe(first.ready['issuingCaId'])
      second.child.kill('SIGTERM')
      await second.ended
      const doctor = spawnSync(process.execPath, [main, 'doctor', ...database, '--json'], {
        cwd,
        encoding: 'utf8',
      })
      expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: true })
    }, 60_000)

    it('tells of a database that is not there in one sentence, without the password', () => {
      const url = new URL(server.url)
      url.pathname = '/nothing'
      url.password = 'hunter2'
      const { status, stderr } = certwright('serve', '--database', url.href)
      expect(status).toBe(1)
      expect(stderr).toContain('there is no database of that name')
      expect(stderr).not.toContain('hunter2')
      expect(stderr.trim().split('\n')).toHaveLength(1)
    })
  },
)
