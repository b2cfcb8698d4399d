import { readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, serveJson, start } from './running-command.js'

/*
 * `certwright serve` on its own data folder: what is there after a restart and a kill, and `certwright doctor` on it.
 */

type Ready = Record<string, string>

const authorization = (ready: Ready) => ({ authorization: `Bearer ${ready['apiKey']}` })

async function issue(ready: Ready, commonName: string): Promise<string> {
  const response = await fetch(`${ready['url']}/v1/certificates`, {
    method: 'POST',
    headers: { ...authorization(ready), 'content-type': 'application/json' },
    body: JSON.stringify({ caId: ready['issuingCaId'], commonName }),
  })
  if (response.status !== 200) throw new Error(await response.text())
  return ((await response.json()) as { certificate: { id: string } }).certificate.id
}

const statusOf = async (ready: Ready, certificateId: string): Promise<number> =>
  (await fetch(`${ready['url']}/v1/certificates/${certificateId}`, { headers: authorization(ready) })).status

const doctor = async (cwd: string, ...flags: string[]) => {
  const { code, stdout, stderr } = await start(['doctor', '--json', ...flags], { cwd }).ended
  return { code, stderr, report: JSON.parse(stdout) as { ok: boolean; errors: number; findings: unknown[] } }
}

describe('a data folder', () => {
  it('is made for its owner alone, with the keys beside it, and all is there after a restart', async () => {
    const cwd = newFolder()
    const first = await serveJson([], { cwd })
    expect(first.output.stderr).toContain(`made ${join(cwd, 'certwright-data.key')}`)
    const modes = [
      'certwright-data',
      'certwright-data.key',
      'certwright-data.api-key',
      'certwright-data.sign-in',
    ].map((name) => statSync(join(cwd, name)).mode & 0o777)
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600])
    expect(readdirSync(cwd)).toHaveLength(4)
    const certificateId = await issue(first.ready, 'db.example.org')
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)

    const second = await serveJson([], { cwd })
    expect(second.output.stderr).toBe('')
    expect({ ...second.ready, url: '' }).toEqual({ ...first.ready, url: '' })
    expect(await statusOf(second.ready, certificateId)).toBe(200)
    second.child.kill('SIGTERM')
    expect((await second.ended).stderr).toBe('')
  })

  it('has every certificate that was answered when the process is killed, and doctor finds nothing wrong', async () => {
    const cwd = newFolder()
    const { child, ready, ended } = await serveJson([], { cwd })
    const answered: string[] = []
    const load = Array.from({ length: 8 }, async (_, worker) => {
      for (let i = 0; ; i++) {
        answered.push(await issue(ready, `host${worker}-${i}.example`))
        if (answered.length === 40) child.kill('SIGKILL')
      }
    })
    await Promise.allSettled(load)
    await ended

    const { code, report } = await doctor(cwd)
    expect({ code, errors: report.errors }).toEqual({ code: 0, errors: 0 })
    const again = await serveJson([], { cwd })
    for (const certificateId of answered) expect(await statusOf(again.ready, certificateId)).toBe(200)
  })

  it('whose key is lost is not begun anew', async () => {
    const cwd = newFolder()
    const { child, ended } = await serveJson([], { cwd })
    child.kill('SIGTERM')
    await ended
    renameSync(join(cwd, 'certwright-data.key'), join(cwd, 'away'))
    const { code, stdout, stderr } = await start(['serve', '--port', '0'], { cwd }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^certwright: cannot open the CA keys in .*put that file back from your backup.*\n$/,
    )
    expect(readdirSync(cwd)).not.toContain('certwright-data.key')

    expect((await doctor(cwd)).code).toBe(1)
    expect((await doctor(cwd, '--key-file', 'away')).code).toBe(0)
    const found = await serveJson(['--key-file', 'away'], { cwd })
    expect(found.ready['issuingCaId']).toBeDefined()
  })
})

describe('two processes on one data folder', () => {
  it('serve the same authority, also when both begin it', async () => {
    const cwd = newFolder()
    const [one, other] = await Promise.all([serveJson([], { cwd }), serveJson([], { cwd })])
    expect(other.ready['issuingCaId']).toBe(one.ready['issuingCaId'])
    const issued = await Promise.all(
      [one, other].flatMap(({ ready }, i) =>
        Array.from({ length: 10 }, (_, j) => issue(ready, `host${i}-${j}.example`)),
      ),
    )
    for (const certificateId of issued) {
      expect(await statusOf(one.ready, certificateId)).toBe(200)
      expect(await statusOf(other.ready, certificateId)).toBe(200)
    }
    const { code, report } = await doctor(cwd)
    expect({ code, errors: report.errors }).toEqual({ code: 0, errors: 0 })
  })
})
