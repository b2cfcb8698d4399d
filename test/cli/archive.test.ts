import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, operator } from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { sqliteStorage } from '@certwright/sqlite'
import { describe, expect, it } from 'vitest'
import { newFolder, start } from './running-command.js'

/*
 * `certwright archive`, as it is built, on a store of long ago.
 */

const keyHex = '11'.repeat(32)
const env = { CERTWRIGHT_KEY: keyHex }
const me = { principal: operator('tests') }
const beginning = new Date('2020-01-01T00:00:00Z')

/** Three certificates of ten days, one of them revoked, and one of a year. */
async function oldStore(): Promise<string> {
  const cwd = newFolder()
  const data = join(cwd, 'certwright-data')
  mkdirSync(data)
  const storage = sqliteStorage(join(data, 'certwright.db'))
  const custody = sealedCustody({
    keys: storage.keys,
    keyEncryptionKey: keyEncryptionKey(Buffer.from(keyHex, 'hex')),
  })
  const authority = createAuthority({ storage, custody, clock: { now: () => beginning } })
  const { id: caId } = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
  const wish = { caId, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const
  const short = { ...wish, validityDays: 10 }
  const [first] = await authority.issueMany([short, short, short, { ...wish, validityDays: 365 }], me)
  await authority.revoke({ certificateId: first?.certificate.id ?? '', reason: 'keyCompromise' }, me)
  await authority.crl(caId)
  await storage.close()
  return cwd
}

const run = (cwd: string, ...args: readonly string[]) => start(args, { cwd, env }).ended

const archive = (cwd: string, ...args: readonly string[]) =>
  run(cwd, 'archive', '--expired-before', '2020-06-01', '--out', 'old.jsonl', ...args)

const linesOf = (cwd: string) =>
  readFileSync(join(cwd, 'old.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; certificatePem: string; revocationReason?: string })

describe('certwright archive', () => {
  it('moves what has expired into a file, line by line, and the doctor finds nothing wrong', async () => {
    const cwd = await oldStore()
    const { code, stdout } = await archive(cwd, '--json')
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, archived: 3 })
    const lines = linesOf(cwd)
    expect(new Set(lines.map(({ id }) => id)).size).toBe(3)
    expect(lines.filter(({ revocationReason }) => revocationReason === 'keyCompromise')).toHaveLength(1)
    for (const { certificatePem } of lines) {
      expect(new X509Certificate(certificatePem).validTo).toMatch(/^Jan 1\d .* 2020 GMT$/)
    }
    expect(await run(cwd, 'doctor')).toMatchObject({ code: 0 })
  })

  it('adds to what is in the file already', async () => {
    const cwd = await oldStore()
    await archive(cwd)
    expect((await archive(cwd)).stdout).toContain('no certificate expired before that time')
    expect(linesOf(cwd)).toHaveLength(3)
    const { stdout } = await run(cwd, 'archive', '--expired-before', '2022-01-01', '--out', 'old.jsonl')
    expect(stdout).toContain('1 certificate is in old.jsonl now')
    expect(linesOf(cwd)).toHaveLength(4)
  })

  it('ends a line that was cut off, and spoils none of its own with it', async () => {
    const cwd = await oldStore()
    writeFileSync(join(cwd, 'old.jsonl'), '{"id":"cut o')
    await archive(cwd)
    const [cut, ...whole] = readFileSync(join(cwd, 'old.jsonl'), 'utf8').trimEnd().split('\n')
    expect(cut).toBe('{"id":"cut o')
    expect(whole.map((line) => typeof (JSON.parse(line) as { id: unknown }).id)).toEqual(
      Array.from({ length: 3 }, () => 'string'),
    )
  })

  it.each([
    ['no time', ['archive', '--out', 'old.jsonl'], 2, '--expired-before'],
    ['no file', ['archive', '--expired-before', '2020-06-01'], 2, '--out'],
    [
      'what is no time',
      ['archive', '--expired-before', 'yesterday', '--out', 'old.jsonl'],
      2,
      'as in 2027-01-01',
    ],
    ['a time to come', ['archive', '--expired-before', '2999-01-01', '--out', 'old.jsonl'], 1, 'or earlier'],
    [
      'a file in no folder',
      ['archive', '--expired-before', '2020-06-01', '--out', 'no/old.jsonl'],
      1,
      'ENOENT',
    ],
  ])('says what is wrong with %s, and archives nothing', async (_, args, code, sentence) => {
    const cwd = await oldStore()
    const refused = await run(cwd, ...args)
    expect(refused).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).toContain(sentence)
    expect(refused.stderr).not.toContain('    at ')
    expect(existsSync(join(cwd, 'old.jsonl'))).toBe(false)
    expect((await archive(cwd)).stdout).toContain('3 certificates are in old.jsonl now')
  })

  it('makes no store where there is none', async () => {
    const cwd = newFolder()
    expect((await archive(cwd)).stderr).toContain('there is no store')
    expect(existsSync(join(cwd, 'old.jsonl'))).toBe(false)
  })
})
