import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newFolder, serveJson, start } from './running-command.js'

/*
 * Data that `certwright` cannot use: each a sentence that names what to do, exit code 1, and nothing made in its place.
 */

const isRoot = process.getuid?.() === 0

/** A store as a server leaves it, copied for each test. */
let template: string
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'certwright-template-'))
  const { child, ended } = await serveJson([], { cwd: template })
  child.kill('SIGTERM')
  await ended
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

function newStore(): { readonly cwd: string; readonly data: string; readonly database: string } {
  const cwd = newFolder()
  const data = join(cwd, 'certwright-data')
  const copied = spawnSync('cp', ['-a', `${template}/.`, cwd])
  expect(copied.status).toBe(0)
  return { cwd, data, database: join(data, 'certwright.db') }
}

/** Both commands say the same of a store. */
async function refusals(cwd: string): Promise<string> {
  const commands = [
    ['serve', '--port', '0'],
    ['doctor', '--json'],
  ]
  const said: string[] = []
  for (const args of commands) {
    const { code, stdout, stderr } = await start(args, { cwd }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^certwright: cannot (serve|doctor) from [^\n]+\n$/)
    said.push(stderr.replace(/^certwright: cannot (serve|doctor) from /, ''))
  }
  expect(said[1]).toBe(said[0])
  return said[0] ?? ''
}

/** The header of an SQLite file has its numbers at fixed places (https://sqlite.org/fileformat.html, §1.3). */
function setHeader(database: string, offset: number, value: number): void {
  const file = openSync(database, 'r+')
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(value)
  writeSync(file, octets, 0, 4, offset)
  closeSync(file)
}
const userVersionAt = 60
const applicationIdAt = 68

describe('a data folder that cannot be used', () => {
  it('is of a newer version', async () => {
    const { cwd, data, database } = newStore()
    setHeader(database, userVersionAt, 99)
    expect(await refusals(cwd)).toMatch(
      new RegExp(`^${data}: its schema is version 99 .*; use the Certwright that made it, or a newer one\n$`),
    )
  })

  it('has a schema that was made in part', async () => {
    const { cwd, database } = newStore()
    setHeader(database, userVersionAt, 0)
    expect(await refusals(cwd)).toContain('restore it from a backup')
  })

  it('holds the database of another program', async () => {
    const { cwd, database } = newStore()
    setHeader(database, applicationIdAt, 1)
    expect(await refusals(cwd)).toContain('the file belongs to another program')
  })

  it('holds no database at all', async () => {
    const { cwd, database } = newStore()
    rmSync(`${database}-wal`, { force: true })
    writeFileSync(database, 'this is a text'.repeat(1000))
    expect(await refusals(cwd)).toContain('the file is no SQLite database')
  })

  it('is damaged', async () => {
    const { cwd, database } = newStore()
    const content = readFileSync(database)
    writeFileSync(database, content.fill(0xff, 4096))
    expect(await refusals(cwd)).toContain('the file is damaged; restore it from a backup')
  })

  it('is a file', async () => {
    const cwd = newFolder()
    writeFileSync(join(cwd, 'certwright-data'), '')
    const { code, stderr } = await start(['serve', '--port', '0'], { cwd }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/: it is a file; choose another with --data\n$/)
  })

  it('is not there, for who only looks', async () => {
    const { code, stderr } = await start(['doctor', '--data', 'nowhere']).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/there is no store in .*nowhere; name its folder with --data\n$/)
  })

  it.skipIf(!isRoot)('belongs to another user (needs root to give it away)', async () => {
    const { cwd, data } = newStore()
    chownSync(data, 12_345, 12_345)
    const { code, stderr } = await start(['serve', '--port', '0'], { cwd }).ended
    expect(code).toBe(1)
    expect(stderr).toBe(
      `certwright: cannot use data folder ${data}: it belongs to user 12345, and this process is user 0; run certwright as that user, or choose another folder with --data\n`,
    )
  })

  it.skipIf(isRoot).each([
    ['the folder', 0o444, 0o555],
    ['its file', 0o444, 0o755],
  ])('is read-only: %s (root may write everywhere)', async (_, fileMode, folderMode) => {
    const { cwd, data, database } = newStore()
    chmodSync(database, fileMode)
    chmodSync(data, folderMode)
    const { code, stderr } = await start(['serve', '--port', '0'], { cwd }).ended
    chmodSync(data, 0o755)
    expect(code).toBe(1)
    expect(stderr).toMatch(/is read-only for this user; change the permissions, or choose another folder/)
  })
})

/** A disk of our own. @returns how it went, since containers may not mount */
function mount(folder: string, options: string): boolean {
  mkdirSync(folder, { recursive: true })
  return isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0
}

const canMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-mount-'))
  const mounted = mount(folder, 'size=64k')
  if (mounted) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true })
  return mounted
})()

describe.skipIf(!canMount)('a disk of its own (needs a root that may mount)', () => {
  const mounted: string[] = []
  afterEach(() => {
    for (const folder of mounted.splice(0)) spawnSync('umount', ['-l', folder])
  })
  const newDisk = (options: string): { readonly cwd: string; readonly disk: string } => {
    const cwd = newFolder()
    const disk = join(cwd, 'disk')
    expect(mount(disk, options)).toBe(true)
    mounted.push(disk)
    return { cwd, disk }
  }

  it('that is full from the start is named, and leaves no CA', async () => {
    const { cwd } = newDisk('size=64k,mode=700')
    const { code, stdout, stderr } = await start(['serve', '--port', '0', '--data', 'disk/data'], { cwd })
      .ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('the disk is full; make room and try again')
  })

  it('that fills up stops issuing, and goes on when there is room', async () => {
    const { cwd, disk } = newDisk('size=4m,mode=700')
    const { child, ready, ended } = await serveJson(['--data', 'disk/data'], { cwd })
    const issue = async () => {
      const response = await fetch(`${ready['url']}/v1/certificates`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ready['apiKey']}`, 'content-type': 'application/json' },
        body: JSON.stringify({ caId: ready['issuingCaId'], commonName: 'db.example.org' }),
      })
      await response.arrayBuffer()
      return response.status
    }
    expect(await issue()).toBe(200)
    const filler = join(disk, 'filler')
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'])
    const statuses: number[] = []
    for (let i = 0; i < 200 && !statuses.includes(503); i++) statuses.push(await issue())
    expect(statuses.at(-1)).toBe(503)
    rmSync(filler)
    expect(await issue()).toBe(200)
    child.kill('SIGTERM')
    await ended
    expect((await start(['doctor', '--data', 'disk/data'], { cwd }).ended).code).toBe(0)
  })

  it('that is read-only is named', async () => {
    const { cwd, disk } = newDisk('size=16m,mode=700')
    spawnSync('cp', ['-a', `${template}/certwright-data`, disk])
    spawnSync('cp', ['-a', `${template}/certwright-data.key`, disk])
    spawnSync('mount', ['-o', 'remount,ro', disk])
    const { code, stdout, stderr } = await start(['serve', '--port', '0', '--data', 'disk/certwright-data'], {
      cwd,
    }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/is read-only for this user; change the permissions/)
  })
})
