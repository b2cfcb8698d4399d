import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withSqlite } from '../storage/sqlite-stores.js'
import { newFolder, serveJson, start } from './running-command.js'

/*
 * `certwright doctor` on stores that were damaged behind the back of the command: rows that are gone, and rows that somebody
 * has written. What each check looks at in detail: check-store.test.ts beside it.
 */

/** A store with certificates, one of them revoked, and a CRL. */
let template: string
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'certwright-template-'))
  const { child, ready, ended } = await serveJson([], { cwd: template })
  const call = async (path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${ready['url']}${path}`, {
      headers: { authorization: `Bearer ${ready['apiKey']}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
    expect(response.status).toBe(200)
    return response
  }
  const caId = ready['issuingCaId']
  const issue = async (commonName: string): Promise<string> => {
    const answer = await (await call('/v1/certificates', { caId, commonName })).json()
    return (answer as { certificate: { id: string } }).certificate.id
  }
  await issue('kept.example')
  await call(`/v1/certificates/${await issue('revoked.example')}/revoke`, { reason: 'keyCompromise' })
  await (await call(`/crl/${caId}`)).arrayBuffer()
  child.kill('SIGTERM')
  await ended
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

/** @returns what the doctor calls an error once the SQL has run on a copy of the store, and its exit code */
async function examine(damage: string) {
  const cwd = newFolder()
  expect(spawnSync('cp', ['-a', `${template}/.`, cwd]).status).toBe(0)
  withSqlite(join(cwd, 'certwright-data', 'certwright.db'), (driver) => driver.exec(damage))
  const { code, stdout } = await start(['doctor', '--json'], { cwd }).ended
  const { findings } = JSON.parse(stdout) as { findings: { check: string; level: string; remedy: string }[] }
  for (const { remedy } of findings) expect(remedy).not.toBe('')
  return { code, checks: findings.filter(({ level }) => level === 'error').map(({ check }) => check) }
}

const kept = `(SELECT id FROM certificates WHERE common_name = 'kept.example')`

describe('the doctor', () => {
  it('has nothing to say of a healthy store', async () => {
    expect(await examine('SELECT 1')).toEqual({ code: 0, checks: [] })
  })

  it.each([
    ['a certificate that is gone', `DELETE FROM certificates WHERE id = ${kept}`, ['lost-record']],
    ['a reservation that is gone', `DELETE FROM reservations WHERE id = ${kept}`, ['reservation']],
    [
      'a reservation that was opened again',
      `UPDATE reservations SET state = 'open' WHERE id = ${kept}`,
      ['reservation'],
    ],
    [
      'a certificate that was archived before its time, and is there',
      `UPDATE reservations SET state = 'archived' WHERE id = ${kept}`,
      ['lost-record', 'reservation'],
    ],
    [
      'a certificate of somebody else',
      `UPDATE certificates SET certificate_der = (SELECT certificate_der FROM cas WHERE parent_ca_id IS NULL)
       WHERE id = ${kept}`,
      ['certificate', 'certificate-issuer', 'reservation'],
    ],
    [
      'a revocation that was taken back',
      `UPDATE certificates SET revoked_at = NULL, revocation_reason = NULL`,
      ['revocation'],
    ],
    ['a status log that is gone', 'DELETE FROM revocations', ['revocation', 'status-log']],
    ['a CRL with other bytes', `UPDATE crls SET der = x'3000' WHERE der IS NOT NULL`, ['crl']],
    ['keys that are gone', 'DELETE FROM sealed_keys', ['ca-key']],
    ['keys that were overwritten', 'UPDATE sealed_keys SET sealed = zeroblob(100)', ['key-encryption-key']],
    [
      'a CA that is gone',
      'DELETE FROM cas WHERE parent_ca_id IS NOT NULL',
      ['access', 'certificate-issuer', 'lost-record'],
    ],
  ])('finds %s', async (_, damage, checks) => {
    const found = await examine(damage)
    expect(found.code).toBe(1)
    expect([...new Set(found.checks)].sort()).toEqual([...checks].sort())
  })
})
